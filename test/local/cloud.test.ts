import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FaultHook, LocalCloud } from '../../local/cloud.ts';
import { root } from '../../local/iam/principals.ts';
import { createSqs } from '../../local/services/sqs/index.ts';

let cloud: LocalCloud;
let faults: FaultHook = (_call, run) => run();
beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createSqs], faults: (call, run) => faults(call, run) });
  await call('CreateQueue', { QueueName: 'q' });
});
afterAll(() => cloud.close());

const call = (operation: string, input: object) => cloud.call('sqs', operation, input, root(cloud.accountId));
const count = async () => {
  const QueueUrl = `${cloud.endpoint}/000000000000/q`;
  const { Attributes } = await call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  return Number(Attributes.ApproximateNumberOfMessages);
};
const send = () => call('SendMessage', { QueueUrl: `${cloud.endpoint}/000000000000/q`, MessageBody: 'x' });

it.each<[string, FaultHook, number]>([
  ['before it has an effect', async () => Promise.reject(new Error('lost')), 0],
  ['after it had one', async (_call, run) => run().then(() => Promise.reject(new Error('lost'))), 1],
])('lets a fault lose a call %s', async (_name, fault, effect) => {
  const before = await count();
  faults = (intercepted, run) => (intercepted.operation === 'SendMessage' ? fault(intercepted, run) : run());
  await expect(send()).rejects.toThrow('lost');
  expect(await count()).toBe(before + effect);
});

it('lets a fault make a call twice', async () => {
  const before = await count();
  faults = async ({ operation }, run) => {
    if (operation === 'SendMessage') await run();
    return run();
  };
  await expect(send()).resolves.toHaveProperty('MessageId');
  expect(await count()).toBe(before + 2);
});
