import { AwsError } from '../../../aws-error.ts';
import { invalidValue } from '../errors.ts';
import type { Queue } from '../queue.ts';
import { changedAttributes, checkAttributes, redrivePolicy } from '../queue-attributes.ts';
import type { Queues } from '../queues.ts';

export function setQueueAttributes(queues: Queues, queue: Queue, attributes: Record<string, unknown>): void {
  checkAttributes(attributes, queue.fifo, true);
  checkRedrive(queues, attributes, queue);
  if (attributes.FifoQueue !== undefined && attributes.FifoQueue !== String(queue.fifo)) {
    throw new AwsError('InvalidAttributeName', 'You specified an attribute that cannot be changed: FifoQueue.');
  }
  queues.change(queue, {
    attributes: changedAttributes(queue.record.attributes, attributes),
    modifiedAt: queues.cloud.clock.now(),
  });
  queue.attributesChanged();
}

/** A dead-letter queue must exist and be of the same kind. */
export function checkRedrive(
  queues: Queues,
  attributes: Readonly<Record<string, unknown>>,
  { arn: sourceArn, fifo }: Pick<Queue, 'arn' | 'fifo'>,
): void {
  if (!attributes.RedrivePolicy) return;
  const text = String(attributes.RedrivePolicy);
  const invalid = (reason: string) =>
    new AwsError('InvalidAttributeValue', invalidValue(text, 'RedrivePolicy', reason).message);
  const policy = redrivePolicy({ RedrivePolicy: text })!;
  if (!policy.deadLetterTargetArn)
    throw invalid('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  const count = policy.maxReceiveCount;
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw invalid('Invalid value for maxReceiveCount: it must be between 1 and 1000.');
  const target = queues.byArn(policy.deadLetterTargetArn);
  if (!target) throw invalid('Dead letter target does not exist.');
  if (target.fifo !== fifo) throw invalid('Dead-letter queue must be same type of queue as the source.');
  if (!lets(target, sourceArn)) throw invalid('The dead-letter queue does not allow this queue as a source.');
}

/** What the dead-letter queue's own policy says of a source. */
function lets(target: Queue, sourceArn: string): boolean {
  const policy = JSON.parse(target.record.attributes.RedriveAllowPolicy ?? '{}');
  if (policy.redrivePermission === 'denyAll') return false;
  return policy.redrivePermission !== 'byQueue' || (policy.sourceQueueArns ?? []).includes(sourceArn);
}
