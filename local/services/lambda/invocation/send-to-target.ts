import { NotSupportedError } from '../../../aws-error.ts';
import type { Cloud, Principal } from '../../../service.ts';
import { findQueue } from '../find-queue.ts';

/** What goes to a destination or a dead-letter queue. */
export interface TargetMessage {
  readonly text: string;
  /** For queues and topics. */
  readonly attributes?: Readonly<Record<string, { DataType: string; StringValue: string }>>;
  /** For event buses. */
  readonly detailType?: string;
}

type Send = (cloud: Cloud, arn: string, message: TargetMessage, caller: Principal) => Promise<unknown>;

const senders: Readonly<Record<string, Send>> = {
  async sqs(cloud, arn, { text, attributes }, caller) {
    const QueueUrl = await findQueue(cloud, arn);
    return cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: text, MessageAttributes: attributes }, caller);
  },
  sns: (cloud, TopicArn, { text, attributes }, caller) =>
    cloud.call('sns', 'Publish', { TopicArn, Message: text, MessageAttributes: attributes }, caller),
  lambda: (cloud, FunctionName, { text }, caller) =>
    cloud.call('lambda', 'Invoke', { FunctionName, InvocationType: 'Event', Payload: Buffer.from(text) }, caller),
  async events(cloud, EventBusName, { text, detailType }, caller) {
    const entry = { EventBusName, Source: 'lambda', DetailType: detailType, Detail: text };
    const { Entries } = await cloud.call('events', 'PutEvents', { Entries: [entry] }, caller);
    if (Entries[0].ErrorCode) throw new Error(`${Entries[0].ErrorCode}: ${Entries[0].ErrorMessage}`);
  },
};

/** Sends to a queue, topic, function or event bus by its ARN, as `caller`. */
export async function sendToTarget(
  cloud: Cloud,
  arn: string,
  message: TargetMessage,
  caller: Principal,
): Promise<void> {
  checkTarget(arn);
  await senders[arn.split(':')[2]!]!(cloud, arn, message, caller);
}

/** Throws `NotSupportedError` where nothing can be sent to what the ARN names. */
export function checkTarget(arn: string): void {
  const service = arn.split(':')[2] ?? '';
  if (!Object.hasOwn(senders, service)) throw new NotSupportedError(`"${arn}" as a target of asynchronous invocations`);
}
