import { randomUUID } from 'node:crypto';
import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import type { Cloud, Operation } from '../../../service.ts';
import type { Deliveries } from '../delivery/deliveries.ts';
import { invalidParameter } from '../errors.ts';
import type { Message, MessageAttribute } from '../message.ts';
import type { SnsState } from '../state.ts';
import type { TopicKeys } from '../topic-keys.ts';

const maxBytes = 256 * 1024;
const maxBatch = 10;
const members = ['Message', 'Subject', 'MessageStructure', 'MessageAttributes'];

interface Publishing {
  readonly cloud: Cloud;
  readonly state: SnsState;
  readonly deliveries: Deliveries;
  readonly keys: TopicKeys;
}

export function publish({ cloud, state, deliveries, keys }: Publishing): Operation {
  return async (input, context) => {
    if (input.PhoneNumber != null) throw new NotSupportedError('SNS text messages to telephones');
    refuseUnknown('sns:Publish', input, [...members, 'TopicArn', 'TargetArn']);
    const arn = input.TopicArn ?? input.TargetArn;
    if (arn == null) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
    const topic = state.topic(arn);
    const message = messageOf(cloud, topic.arn, input);
    if (messageBytes(message) > maxBytes) throw invalidParameter('Message too long');
    await keys.checkPublisher(topic, context);
    cloud.store.transaction(() => deliveries.publish(message));
    return { MessageId: message.id };
  };
}

/** PublishBatch: an entry that is wrong fails alone. */
export function publishBatch({ cloud, state, deliveries, keys }: Publishing): Operation {
  return async (input, context) => {
    refuseUnknown('sns:PublishBatch', input, ['TopicArn', 'PublishBatchRequestEntries']);
    const topic = state.topic(input.TopicArn);
    const entries: any[] = input.PublishBatchRequestEntries ?? [];
    if (entries.length === 0) throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
    if (entries.length > maxBatch) {
      throw new AwsError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
    }
    if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id ?? ''))) {
      throw new AwsError(
        'InvalidBatchEntryId',
        "The Id of a batch entry in a batch request doesn't abide by the specification.",
      );
    }
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
      throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
    }
    const Successful: object[] = [];
    const Failed: object[] = [];
    const messages: Message[] = [];
    for (const { Id, ...entry } of entries) {
      try {
        refuseUnknown('sns:PublishBatch', entry, members);
        const message = messageOf(cloud, topic.arn, entry);
        messages.push(message);
        Successful.push({ Id, MessageId: message.id });
      } catch (error) {
        if (!(error instanceof AwsError) || error.statusCode >= 500) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    if (messages.reduce((sum, message) => sum + messageBytes(message), 0) > maxBytes) {
      throw new AwsError(
        'BatchRequestTooLong',
        'The length of all the batch messages put together is more than the limit.',
      );
    }
    await keys.checkPublisher(topic, context);
    cloud.store.transaction(() => {
      for (const message of messages) deliveries.publish(message);
    });
    return { Successful, Failed };
  };
}

function messageOf(cloud: Cloud, topicArn: string, input: any): Message {
  if (typeof input.Message !== 'string' || input.Message === '') throw invalidParameter('Empty message');
  if (input.Subject != null && !/^[^\p{Cc}]{1,99}$/u.test(input.Subject)) throw invalidParameter('Subject');
  return {
    id: randomUUID(),
    topicArn,
    subject: input.Subject ?? undefined,
    texts: textsOf(input),
    attributes: attributesOf(input.MessageAttributes),
    at: cloud.clock.now(),
  };
}

function textsOf(input: any): Record<string, string> {
  if (input.MessageStructure == null) return { default: input.Message };
  if (input.MessageStructure !== 'json') throw invalidParameter('MessageStructure');
  let texts: unknown;
  try {
    texts = JSON.parse(input.Message);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  if (texts === null || typeof texts !== 'object' || typeof (texts as any).default !== 'string') {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return texts as Record<string, string>;
}

function attributesOf(given: Record<string, any> | undefined): Record<string, MessageAttribute> {
  const entries = Object.entries(given ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => {
    if (!/^(String|Number|Binary|String\.Array)(\.|$)/.test(DataType ?? '')) {
      throw new AwsError(
        'ParameterValueInvalid',
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    if (DataType.startsWith('Binary') ? BinaryValue == null : !StringValue) {
      throw new AwsError(
        'ParameterValueInvalid',
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    }
    if (DataType.startsWith('Number') && !Number.isFinite(Number(StringValue))) {
      throw new AwsError('ParameterValueInvalid', `Could not cast message attribute '${name}' value to number.`);
    }
    const binary = BinaryValue instanceof Uint8Array ? Buffer.from(BinaryValue).toString('base64') : BinaryValue;
    return [name, binary == null ? { DataType, StringValue } : { DataType, BinaryValue: binary }];
  });
  return Object.fromEntries(entries);
}

function messageBytes({ texts, attributes }: Message): number {
  const body = Object.keys(texts).length === 1 ? texts.default! : JSON.stringify(texts);
  const inAttributes = Object.entries(attributes).flatMap(([name, attribute]) => [name, ...Object.values(attribute)]);
  return [body, ...inAttributes].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
