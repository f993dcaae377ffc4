import { AwsError } from '../../../aws-error.ts';
import type { Queue } from '../queue.ts';
import { settableAttributes } from '../queue-attributes.ts';

const computedAttributes = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

/** The attributes asked for, or all; one that the queue does not have is left out, an unknown name is an error. */
export function getQueueAttributes(queue: Queue, names: readonly string[] = []): Record<string, string> | undefined {
  for (const name of names) {
    if (name === 'All' || computedAttributes.includes(name) || Object.hasOwn(settableAttributes, name)) continue;
    throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
  const counts = queue.count();
  const all: Record<string, string> = {
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.record.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.record.modifiedAt / 1000)),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    ...queue.record.attributes,
  };
  const chosen = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}
