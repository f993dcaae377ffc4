import { root } from '../../iam/authorizer.ts';
import type { Cloud } from '../../service.ts';

/** The URL of a queue by its ARN. Lambda finds a queue by itself: the function's role needs no permission for it. */
export async function findQueue(cloud: Cloud, queueArn: string): Promise<string> {
  const input = { QueueName: queueArn.split(':').at(-1) };
  const { QueueUrl } = await cloud.call('sqs', 'GetQueueUrl', input, root(cloud.accountId));
  return QueueUrl;
}
