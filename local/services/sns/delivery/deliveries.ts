import { AwsError } from '../../../aws-error.ts';
import { Outbox, type Pending } from '../../../outbox.ts';
import type { Cloud, Principal } from '../../../service.ts';
import { wantsMessage } from '../filter-policy.ts';
import { type Message, textFor } from '../message.ts';
import type { SnsState, Subscription } from '../state.ts';
import { httpDelivery, itself } from './http-delivery.ts';
import { HttpRefusal } from './http-endpoint.ts';
import type { Mailbox } from './mailbox.ts';
import { lambdaEvent, notification } from './notification.ts';

/** A message on its way to one subscription. */
interface Delivery {
  readonly subscriptionArn: string;
  readonly message: Message;
}

const httpRetries = 3;
const httpPauseMilliseconds = 20_000;
const awsRetries = 100_015;

/** Brings messages to the subscriptions that want them. */
export class Deliveries {
  readonly #cloud: Cloud;
  readonly #state: SnsState;
  readonly #mailbox: Mailbox;
  readonly #outbox: Outbox<Delivery>;

  constructor(cloud: Cloud, state: SnsState, mailbox: Mailbox) {
    this.#cloud = cloud;
    this.#state = state;
    this.#mailbox = mailbox;
    this.#outbox = new Outbox(cloud, {
      collection: 'sns.deliveries',
      deliver: (pending) => this.#deliver(pending),
      pause: (pending, error) => this.#pause(pending, error),
      giveUp: (pending, error) => this.#giveUp(pending, error),
    });
  }

  start(): void {
    this.#outbox.start();
  }

  close(): Promise<void> {
    return this.#outbox.close();
  }

  publish(message: Message): void {
    for (const subscription of this.#state.subscriptionsOf(message.topicArn)) {
      if (subscription.token === undefined && wantsMessage(subscription, message)) {
        this.#outbox.add({ subscriptionArn: subscription.arn, message });
      }
    }
  }

  async #deliver({ item: { subscriptionArn, message } }: Pending<Delivery>): Promise<void> {
    const subscription = this.#state.findSubscription(subscriptionArn);
    // Whoever unsubscribed meanwhile gets nothing any more.
    if (!subscription) return;
    const caller: Principal = { kind: 'service', arn: 'sns.amazonaws.com', sourceArn: message.topicArn };
    const raw = subscription.attributes.RawMessageDelivery === 'true';
    switch (subscription.protocol) {
      case 'sqs':
        return this.#toQueue(
          subscription.endpoint,
          message,
          raw ? undefined : notification(message, subscription, this.#cloud),
          caller,
        );
      case 'lambda': {
        const Payload = Buffer.from(lambdaEvent(message, subscription, this.#cloud));
        const input = { FunctionName: subscription.endpoint, InvocationType: 'Event', Payload };
        return this.#cloud.call('lambda', 'Invoke', input, caller);
      }
      case 'email':
      case 'email-json':
        return this.#mailbox.add(message, subscription);
      default: {
        const body = raw ? textFor(message, subscription.protocol) : notification(message, subscription, this.#cloud);
        const headers = {
          'x-amz-sns-message-type': 'Notification',
          'x-amz-sns-message-id': message.id,
          'x-amz-sns-topic-arn': message.topicArn,
          'x-amz-sns-subscription-arn': subscriptionArn,
          ...(raw && { 'x-amz-sns-rawdelivery': 'true' }),
        };
        const input = { TopicArn: message.topicArn, Endpoint: subscription.endpoint, Body: body, Headers: headers };
        return this.#cloud.call('sns', httpDelivery, input, itself);
      }
    }
  }

  /** Without `body` the queue gets the bare text, and the attributes as its own. */
  async #toQueue(arn: string, message: Message, body: string | undefined, caller: Principal): Promise<void> {
    const [, , , , account, name] = arn.split(':');
    const attributes = Object.entries(message.attributes).map(([key, { BinaryValue, ...attribute }]) => [
      key,
      { ...attribute, ...(BinaryValue !== undefined && { BinaryValue: Buffer.from(BinaryValue, 'base64') }) },
    ]);
    const input = {
      QueueUrl: `${this.#cloud.endpoint}/${account}/${name}`,
      MessageBody: body ?? textFor(message, 'sqs'),
      ...(body === undefined && attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
    };
    await this.#cloud.call('sqs', 'SendMessage', input, caller);
  }

  #pause({ item, attempts }: Pending<Delivery>, error: Error): number | undefined {
    const protocol = this.#state.findSubscription(item.subscriptionArn)?.protocol;
    if (protocol === undefined) return undefined;
    if (protocol !== 'sqs' && protocol !== 'lambda') {
      // Endpoints answer 4xx (but 429) to what they will never take.
      const refused = error instanceof HttpRefusal && error.status < 500 && error.status !== 429;
      return !refused && attempts <= httpRetries ? httpPauseMilliseconds : undefined;
    }
    const hopeless =
      error instanceof AwsError && (error.statusCode === 501 || (error.statusCode < 500 && error.statusCode !== 429));
    return hopeless || attempts > awsRetries ? undefined : awsPause(attempts);
  }

  async #giveUp({ item: { subscriptionArn, message } }: Pending<Delivery>, error: Error): Promise<void> {
    const subscription = this.#state.findSubscription(subscriptionArn);
    const queue = deadLetterQueue(subscription);
    const dropped = `SNS dropped message ${message.id} of ${message.topicArn} for ${subscription?.endpoint}: ${error.message}`;
    if (!subscription || !queue) return process.emitWarning(dropped);
    const caller: Principal = { kind: 'service', arn: 'sns.amazonaws.com', sourceArn: message.topicArn };
    try {
      await this.#toQueue(queue, message, notification(message, subscription, this.#cloud), caller);
    } catch (refused) {
      process.emitWarning(`${dropped}; its dead-letter queue ${queue} refused it: ${(refused as Error).message}`);
    }
  }
}

/** At once three times, then after a second twice, then ever longer up to twenty seconds. */
function awsPause(attempts: number): number {
  if (attempts <= 3) return 0;
  if (attempts <= 5) return 1000;
  return Math.min(1000 * 2 ** (attempts - 5), 20_000);
}

function deadLetterQueue(subscription: Subscription | undefined): string | undefined {
  const policy = subscription?.attributes.RedrivePolicy;
  return policy ? JSON.parse(policy).deadLetterTargetArn : undefined;
}
