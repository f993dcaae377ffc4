import { type Message, textFor } from '../message.ts';
import type { Subscription } from '../state.ts';

/** Messages of this machine carry no signature of AWS; the members are there, since readers look for them. */
const unsigned = 'bm90IHNpZ25lZA==';

interface Place {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
}

/** The JSON that queues and HTTP endpoints get, unless they want the bare text. */
export function notification(message: Message, subscription: Subscription, { endpoint }: Place): string {
  const attributes = Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue },
  ]);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: message.topicArn,
    Subject: message.subject,
    Message: textFor(message, subscription.protocol),
    Timestamp: new Date(message.at).toISOString(),
    SignatureVersion: '1',
    Signature: unsigned,
    SigningCertURL: `${endpoint}/SimpleNotificationService.pem`,
    UnsubscribeURL: unsubscribeUrl(subscription, endpoint),
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
  });
}

/** The event that a function gets. */
export function lambdaEvent(message: Message, subscription: Subscription, { endpoint }: Place): string {
  const attributes = Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue },
  ]);
  const Sns = {
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: message.topicArn,
    Subject: message.subject ?? null,
    Message: textFor(message, 'lambda'),
    Timestamp: new Date(message.at).toISOString(),
    SignatureVersion: '1',
    Signature: unsigned,
    SigningCertUrl: `${endpoint}/SimpleNotificationService.pem`,
    UnsubscribeUrl: unsubscribeUrl(subscription, endpoint),
    MessageAttributes: Object.fromEntries(attributes),
  };
  return JSON.stringify({
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn, Sns }],
  });
}

function unsubscribeUrl({ arn }: Subscription, endpoint: string): string {
  return `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${arn}`;
}
