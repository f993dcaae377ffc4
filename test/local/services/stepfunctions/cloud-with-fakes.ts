import { SFNClient } from '@aws-sdk/client-sfn';
import type { Clock } from '../../../../lib/core/clock.ts';
import { AwsError } from '../../../../local/aws-error.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import type { Cloud, Operation, Service } from '../../../../local/service.ts';
import { createStepFunctions } from '../../../../local/services/stepfunctions/index.ts';

/** A service with just the operations that a test gives it. */
export function fakeService(name: string, operations: Record<string, Operation>) {
  return (_cloud: Cloud): Service => ({ name, operations, permissions: () => [], http: async () => {} });
}

/** S3 as far as a distributed Map uses it, with its objects in a map by `bucket/key`. */
export function fakeS3(objects: Map<string, string>) {
  return fakeService('s3', {
    async GetObject({ Bucket, Key }) {
      const body = objects.get(`${Bucket}/${Key}`);
      if (body === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
      return { Body: Buffer.from(body) };
    },
    async PutObject({ Bucket, Key, Body }) {
      objects.set(`${Bucket}/${Key}`, Buffer.from(Body).toString());
      return {};
    },
  });
}

export interface Started {
  readonly cloud: LocalCloud;
  readonly client: SFNClient;
  stop(): Promise<void>;
}

/** A cloud of Step Functions and the given services, with a client for it. */
export async function startCloud(
  options: { services?: ReturnType<typeof fakeService>[]; dataFolder?: string; clock?: Clock } = {},
): Promise<Started> {
  const { services = [], ...rest } = options;
  const cloud = await LocalCloud.start({ services: [createStepFunctions, ...services], ...rest });
  const client = new SFNClient({
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    cloud,
    client,
    async stop() {
      client.destroy();
      await cloud.close();
    },
  };
}

export const role = 'arn:aws:iam::000000000000:role/machine';
