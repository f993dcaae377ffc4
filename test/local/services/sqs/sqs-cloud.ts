import { SQSClient } from '@aws-sdk/client-sqs';
import { LocalCloud, type LocalCloudOptions } from '../../../../local/cloud.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';

/** A cloud with SQS alone, and the unmodified SDK client against it. */
export async function sqsCloud(options: Partial<LocalCloudOptions> = {}) {
  const cloud = await LocalCloud.start({ services: [createSqs], ...options });
  const client = new SQSClient({
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const close = async () => {
    client.destroy();
    await cloud.close();
  };
  return { cloud, client, close };
}
