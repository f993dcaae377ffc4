import { AwsError } from '../../../aws-error.ts';
import type { Cloud } from '../../../service.ts';
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
  const { Attributes } = await queueAttributes(cloud, queueArn, version).catch((error) => {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(`Cannot access the queue ${queueArn} as ${version.configuration.Role}: ${error.message}`);
  });
  const seconds = Number(Attributes.VisibilityTimeout);
  if (seconds >= version.configuration.Timeout) return;
  throw invalid(
    `Queue visibility timeout: ${seconds} seconds is less than Function timeout: ${version.configuration.Timeout} seconds`,
  );
}

async function queueAttributes(cloud: Cloud, queueArn: string, version: FunctionVersion): Promise<any> {
  const input = { QueueUrl: await findQueue(cloud, queueArn), AttributeNames: ['VisibilityTimeout'] };
  return cloud.call('sqs', 'GetQueueAttributes', input, assumeRole(cloud, version));
}
