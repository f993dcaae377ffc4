import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  QueueName: 'text',
  FifoQueue: 'flag',
  ContentBasedDeduplication: 'flag',
  DeduplicationScope: 'text',
  FifoThroughputLimit: 'text',
  DelaySeconds: 'number',
  MaximumMessageSize: 'number',
  MessageRetentionPeriod: 'number',
  ReceiveMessageWaitTimeSeconds: 'number',
  VisibilityTimeout: 'number',
  RedrivePolicy: 'json',
  RedriveAllowPolicy: 'json',
  KmsMasterKeyId: withoutEffect('messages are not encrypted at rest on this machine'),
  KmsDataKeyReusePeriodSeconds: withoutEffect('messages are not encrypted at rest on this machine'),
  SqsManagedSseEnabled: withoutEffect('messages are not encrypted at rest on this machine'),
  Tags: tags,
} as const;

/** Every property that is set, as SQS takes attributes: text, policies as JSON text. */
function attributes({ QueueName: _, ...rest }: Value<typeof properties>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

/** What SQS sets an attribute to that a template no longer names. */
const defaults: Record<string, string> = {
  ContentBasedDeduplication: 'false',
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  RedrivePolicy: '',
  RedriveAllowPolicy: '',
};

function provisioned(name: string, url: string, { region, accountId }: ResourceContext) {
  const Arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
  return { physicalId: name, ref: url, attributes: { Arn, QueueName: name, QueueUrl: url } };
}

export default defineResource({
  type: 'AWS::SQS::Queue',
  properties,
  replacedBy: ['QueueName', 'FifoQueue'],
  async create(queue, context) {
    const QueueName = context.name(queue.QueueName, { maxLength: 80, ending: queue.FifoQueue ? '.fifo' : '' });
    const { QueueUrl } = await context.call('sqs', 'CreateQueue', { QueueName, Attributes: attributes(queue) });
    return provisioned(QueueName, QueueUrl, context);
  },
  async update(queue, context, { physicalId, properties: before }) {
    const { QueueUrl } = await context.call('sqs', 'GetQueueUrl', { QueueName: physicalId });
    const { FifoQueue: _, ...wanted } = attributes(queue);
    const dropped = Object.keys(attributes(before)).filter((name) => !(name in wanted) && name in defaults);
    const Attributes = { ...Object.fromEntries(dropped.map((name) => [name, defaults[name]])), ...wanted };
    await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    return provisioned(physicalId, QueueUrl, context);
  },
  async delete(name, context) {
    const gone = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];
    const found = await context.attempt(gone, 'sqs', 'GetQueueUrl', { QueueName: name });
    if (found) await context.call('sqs', 'DeleteQueue', { QueueUrl: found.QueueUrl });
  },
});
