import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { manualClock } from '../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../local/cloud.ts';
import { readFaultPlan } from '../../../local/faults/fault-plan.ts';
import { Faults } from '../../../local/faults/faults.ts';
import { rootCredentials } from '../../../local/iam/credentials.ts';
import { root } from '../../../local/iam/principals.ts';
import { createDynamodb } from '../../../local/services/dynamodb/index.ts';
import { createEvents } from '../../../local/services/events/index.ts';
import { createLambda } from '../../../local/services/lambda/index.ts';
import { createLogs } from '../../../local/services/logs/index.ts';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSns } from '../../../local/services/sns/index.ts';
import { createSqs } from '../../../local/services/sqs/index.ts';

/** A cloud whose calls may go wrong, on a clock that stands still. */
export async function faultCloud({ seed }: { seed?: number } = {}) {
  const clock = manualClock();
  let faults: Faults | undefined;
  const cloud = await LocalCloud.start({
    services: [createS3, createSqs, createEvents, createDynamodb, createLogs, createLambda, createSns],
    clock,
    faults: (call, run) => (faults ? faults.intercept(call, run) : run()),
  });
  faults = new Faults(cloud, readFaultPlan({ seed, faults: [] }).seed);
  const access = { endpoint: cloud.endpoint, region: cloud.region, credentials: rootCredentials, maxAttempts: 1 };
  const sqs = new SQSClient(access);
  const s3 = new S3Client(access);
  const call = (service: string, operation: string, input: object = {}) =>
    cloud.call(service, operation, input, root(cloud.accountId));
  let queues = 0;
  let QueueUrl: string;
  /** Goes on with a new, empty queue. */
  const nextQueue = async () => {
    ({ QueueUrl } = await call('sqs', 'CreateQueue', { QueueName: `q${queues++}` }));
  };
  await nextQueue();
  return {
    cloud,
    clock,
    faults,
    access,
    sqs,
    s3,
    call,
    nextQueue,
    get QueueUrl() {
      return QueueUrl;
    },
    get QueueArn() {
      return `arn:aws:sqs:us-east-1:${cloud.accountId}:${QueueUrl.split('/').at(-1)}`;
    },
    send: (MessageBody = 'x') => call('sqs', 'SendMessage', { QueueUrl, MessageBody }),
    async receive(): Promise<any[]> {
      const { Messages = [] } = await call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
      return Messages;
    },
    async close() {
      await cloud.close();
      sqs.destroy();
      s3.destroy();
    },
  };
}

export type FaultCloud = Awaited<ReturnType<typeof faultCloud>>;
