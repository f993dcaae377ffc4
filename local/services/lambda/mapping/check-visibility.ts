import type { LambdaCore } from '../core.ts';
import { invalid } from '../known-members.ts';
import type { FunctionVersion } from '../state.ts';

/**
 * A message that comes back while its function still works on it would be handled twice: the queue's visibility timeout
 * must cover the function's. Calls the queue as the function's role, so that missing permissions show here, as on AWS.
 */
export async function checkVisibility(
  { cloud }: LambdaCore,
  queueArn: string,
  { configuration }: FunctionVersion,
): Promise<void> {
  const lambda = { kind: 'service' as const, arn: 'lambda.amazonaws.com' };
  const { QueueUrl } = await cloud.call('sqs', 'GetQueueUrl', { QueueName: queueArn.split(':').at(-1) }, lambda);
  const role = cloud.assume(configuration.Role, configuration.FunctionName);
  const { Attributes } = await cloud.call(
    'sqs',
    'GetQueueAttributes',
    { QueueUrl, AttributeNames: ['VisibilityTimeout'] },
    role,
  );
  const seconds = Number(Attributes.VisibilityTimeout);
  if (seconds >= configuration.Timeout) return;
  throw invalid(
    `Queue visibility timeout: ${seconds} seconds is less than Function timeout: ${configuration.Timeout} seconds`,
  );
}
