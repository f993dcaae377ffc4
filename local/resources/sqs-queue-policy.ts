import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import type { Value } from '../provisioning/shape.ts';

const properties = { Queues: ['text'], PolicyDocument: 'json' } as const;
const gone = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

async function put({ Queues = [], PolicyDocument }: Value<typeof properties>, context: ResourceContext) {
  const Attributes = { Policy: JSON.stringify(PolicyDocument) };
  await Promise.all(Queues.map((QueueUrl) => context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes })));
  return { physicalId: context.name(undefined, { maxLength: 80 }) };
}

async function clear(queues: readonly string[], context: ResourceContext): Promise<void> {
  const Attributes = { Policy: '' };
  await Promise.all(
    queues.map((QueueUrl) => context.attempt(gone, 'sqs', 'SetQueueAttributes', { QueueUrl, Attributes })),
  );
}

export default defineResource({
  type: 'AWS::SQS::QueuePolicy',
  properties,
  create: put,
  async update(policy, context, { properties: before }) {
    await clear(
      (before.Queues ?? []).filter((queue) => !policy.Queues?.includes(queue)),
      context,
    );
    return put(policy, context);
  },
  delete: (_id, context, { Queues = [] }) => clear(Queues, context),
});
