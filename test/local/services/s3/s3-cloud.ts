import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { LocalCloud, type LocalCloudOptions } from '../../../../local/cloud.ts';
import type { ServiceEvent, ServiceFactory } from '../../../../local/service.ts';
import { createS3 } from '../../../../local/services/s3/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';

/** A cloud with S3, SQS and a default event bus that keeps what it is given, and the unmodified SDK client against it. */
export async function s3Cloud(options: Partial<LocalCloudOptions> = {}, config: S3ClientConfig = {}) {
  const events: ServiceEvent[] = [];
  const bus: ServiceFactory = () =>
    ({
      name: 'events',
      operations: {},
      permissions: () => [],
      http: async () => {},
      deliver: (event: ServiceEvent) => void events.push(event),
    }) as ReturnType<ServiceFactory>;
  const cloud = await LocalCloud.start({ services: [createS3, createSqs, bus], ...options });
  const client = new S3Client({
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    ...config,
  });
  const close = async () => {
    client.destroy();
    await cloud.close();
  };
  return { cloud, client, events, close };
}
