import { assumeRole } from '../assume-role.ts';
import type { LambdaCore } from '../core.ts';
import { findQueue } from '../find-queue.ts';
import { invalid } from '../known-members.ts';
import type { FunctionVersion } from '../state.ts';

/**
 * A message that comes back while its function still works on it would be handled twice: the queue's visibility timeout
 * must cover the function's. Calls the queue as the function's role, so that missing permissions show here, as on AWS.
 */
export async function checkVisibility(
  { cloud }: LambdaCore,
  queueArn: string,
  version: FunctionVersion,
): Promise<void> {
  const QueueUrl = await findQueue(cloud, queueArn);
  const role = assumeRole(cloud, version);
  const { Attributes } = await cloud.call(
    'sqs',
    'GetQueueAttributes',
    { QueueUrl, AttributeNames: ['VisibilityTimeout'] },
    role,
  );
  const seconds = Number(Attributes.VisibilityTimeout);
  if (seconds >= version.configuration.Timeout) return;
  throw invalid(
    `Queue visibility timeout: ${seconds} seconds is less than Function timeout: ${version.configuration.Timeout} seconds`,
  );
}
