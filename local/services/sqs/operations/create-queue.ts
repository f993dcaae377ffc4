import { AwsError } from '../../../aws-error.ts';
import { invalidParameter } from '../errors.ts';
import type { Queue } from '../queue.ts';
import { checkAttributes, initialAttributes } from '../queue-attributes.ts';
import type { Queues } from '../queues.ts';
import { checkRedrive } from './set-queue-attributes.ts';

/** Makes a queue; one that exists with the same attributes is the answer, with other ones an error. */
export function createQueue(queues: Queues, input: any): Queue {
  const name = String(input.QueueName ?? '');
  const attributes: Record<string, unknown> = input.Attributes ?? {};
  const fifo = attributes.FifoQueue === 'true';
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(fifo ? name.replace(/\.fifo$/, '') : name) || name.length > 80) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
  if (fifo && !name.endsWith('.fifo')) {
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  checkAttributes(attributes, fifo, false);
  checkRedrive(queues, attributes, { arn: queues.arn(name), fifo });
  const existing = queues.byName(name);
  if (!existing && queues.isRecentlyDeleted(name)) {
    throw new AwsError(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
  }
  if (!existing) return queues.create(name, initialAttributes(attributes, fifo), input.tags ?? {});
  for (const [attribute, value] of Object.entries(attributes)) {
    if (existing.record.attributes[attribute] === String(value)) continue;
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${attribute}`,
    );
  }
  return existing;
}
