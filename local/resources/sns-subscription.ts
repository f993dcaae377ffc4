import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import type { Value } from '../provisioning/shape.ts';

const properties = {
  TopicArn: 'text',
  Protocol: 'text',
  Endpoint: 'text',
  FilterPolicy: 'json',
  FilterPolicyScope: 'text',
  RawMessageDelivery: 'flag',
  RedrivePolicy: 'json',
  DeliveryPolicy: 'json',
  SubscriptionRoleArn: 'text',
  Region: 'text',
} as const;

type Subscription = Value<typeof properties>;

function attributes(subscription: Subscription): Record<string, string> {
  const { TopicArn: _topic, Protocol: _protocol, Endpoint: _endpoint, Region: _region, ...rest } = subscription;
  return Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

const provisioned = (arn: string) => ({ physicalId: arn, attributes: { Arn: arn } });

async function subscribe(subscription: Subscription, context: ResourceContext) {
  const { TopicArn, Protocol, Endpoint } = subscription;
  const input = { TopicArn, Protocol, Endpoint, Attributes: attributes(subscription), ReturnSubscriptionArn: true };
  const { SubscriptionArn } = await context.call('sns', 'Subscribe', input);
  return provisioned(SubscriptionArn);
}

export default defineResource({
  type: 'AWS::SNS::Subscription',
  properties,
  replacedBy: ['TopicArn', 'Protocol', 'Endpoint', 'Region'],
  create: subscribe,
  async update(subscription, context, { physicalId, properties: before }) {
    const wanted = attributes(subscription);
    for (const AttributeName of new Set([...Object.keys(attributes(before)), ...Object.keys(wanted)])) {
      const AttributeValue = wanted[AttributeName] ?? (AttributeName === 'RawMessageDelivery' ? 'false' : '{}');
      const input = { SubscriptionArn: physicalId, AttributeName, AttributeValue };
      await context.call('sns', 'SetSubscriptionAttributes', input);
    }
    return provisioned(physicalId);
  },
  async delete(SubscriptionArn, context) {
    await context.attempt(['NotFound'], 'sns', 'Unsubscribe', { SubscriptionArn });
  },
});
