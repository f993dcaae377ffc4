import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  TopicName: 'text',
  DisplayName: 'text',
  FifoTopic: 'flag',
  ContentBasedDeduplication: 'flag',
  FifoThroughputScope: 'text',
  Subscription: [{ Protocol: 'text', Endpoint: 'text' }],
  KmsMasterKeyId: withoutEffect('messages are not encrypted at rest on this machine'),
  SignatureVersion: withoutEffect(
    'notifications over HTTP are the only signed ones, and are not sent from this machine',
  ),
  TracingConfig: withoutEffect('there is no X-Ray on this machine'),
  Tags: tags,
} as const;

type Topic = Value<typeof properties>;

function attributes({ TopicName: _name, Subscription: _subscriptions, ...rest }: Topic): Record<string, string> {
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
}

const arn = (name: string, { region, accountId }: ResourceContext) => `arn:aws:sns:${region}:${accountId}:${name}`;

/** Subscribing again what is subscribed already changes nothing, and tells its ARN. */
async function subscribe(
  TopicArn: string,
  subscriptions: Topic['Subscription'],
  context: ResourceContext,
): Promise<string[]> {
  const arns: string[] = [];
  for (const one of subscriptions ?? []) {
    const input = { TopicArn, ...one, ReturnSubscriptionArn: true };
    arns.push((await context.call('sns', 'Subscribe', input)).SubscriptionArn);
  }
  return arns;
}

const provisioned = (name: string, context: ResourceContext) => ({
  physicalId: name,
  ref: arn(name, context),
  attributes: { TopicArn: arn(name, context), TopicName: name },
});

export default defineResource({
  type: 'AWS::SNS::Topic',
  properties,
  replacedBy: ['TopicName', 'FifoTopic'],
  async create(topic, context) {
    const Name = context.name(topic.TopicName, { maxLength: 256, ending: topic.FifoTopic ? '.fifo' : '' });
    await context.call('sns', 'CreateTopic', { Name, Attributes: attributes(topic) });
    await subscribe(arn(Name, context), topic.Subscription, context);
    return provisioned(Name, context);
  },
  async update(topic, context, { physicalId, properties: before }) {
    const { FifoTopic: _, ...wanted } = attributes(topic);
    const dropped = Object.keys(attributes(before)).filter((name) => !(name in wanted) && name === 'DisplayName');
    for (const AttributeName of [...Object.keys(wanted), ...dropped]) {
      const AttributeValue = wanted[AttributeName] ?? '';
      await context.call('sns', 'SetTopicAttributes', {
        TopicArn: arn(physicalId, context),
        AttributeName,
        AttributeValue,
      });
    }
    const kept = await subscribe(arn(physicalId, context), topic.Subscription, context);
    for (const SubscriptionArn of await subscribe(arn(physicalId, context), before.Subscription, context)) {
      if (!kept.includes(SubscriptionArn)) await context.call('sns', 'Unsubscribe', { SubscriptionArn });
    }
    return provisioned(physicalId, context);
  },
  async delete(name, context) {
    await context.attempt(['NotFound'], 'sns', 'DeleteTopic', { TopicArn: arn(name, context) });
  },
});
