import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import type { Value } from '../provisioning/shape.ts';

const properties = { Topics: ['text'], PolicyDocument: 'json' } as const;

async function set(topics: readonly string[], policy: unknown, context: ResourceContext): Promise<void> {
  for (const TopicArn of topics) {
    const input = { TopicArn, AttributeName: 'Policy', AttributeValue: policy ? JSON.stringify(policy) : '' };
    // A topic that went first has taken its policy with it.
    if (policy) await context.call('sns', 'SetTopicAttributes', input);
    else await context.attempt(['NotFound'], 'sns', 'SetTopicAttributes', input);
  }
}

async function put({ Topics = [], PolicyDocument }: Value<typeof properties>, context: ResourceContext) {
  await set(Topics, PolicyDocument, context);
  return { physicalId: context.name(undefined, { maxLength: 128 }) };
}

export default defineResource({
  type: 'AWS::SNS::TopicPolicy',
  properties,
  create: put,
  async update(policy, context, { properties: before }) {
    await set(
      (before.Topics ?? []).filter((topic) => !policy.Topics?.includes(topic)),
      undefined,
      context,
    );
    return put(policy, context);
  },
  delete: (_id, context, { Topics = [] }) => set(Topics, undefined, context),
});
