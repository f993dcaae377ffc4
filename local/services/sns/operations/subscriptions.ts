import { randomBytes, randomUUID } from 'node:crypto';
import { NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { checkHttpEndpoint, postMessage } from '../delivery/http-endpoint.ts';
import { invalidParameter } from '../errors.ts';
import { checkFilterPolicy } from '../filter-policy.ts';
import type { SnsState, Subscription } from '../state.ts';
import { pageSize } from './topics.ts';

const settable = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'SubscriptionRoleArn',
];

/** Subscribe: the same endpoint again gives the subscription that exists. */
export function subscribe(cloud: Cloud, state: SnsState): Operation {
  return async (input) => {
    refuseUnknown('sns:Subscribe', input, ['TopicArn', 'Protocol', 'Endpoint', 'Attributes', 'ReturnSubscriptionArn']);
    const topic = state.topic(input.TopicArn);
    const { Protocol: protocol, Endpoint: endpoint = '' } = input;
    checkEndpoint(protocol, endpoint);
    const attributes: Record<string, string> = input.Attributes ?? {};
    for (const [name, value] of Object.entries(attributes)) checkAttribute(name, value, protocol);
    checkFilter(attributes);
    const existing = state
      .subscriptionsOf(topic.arn)
      .find((one) => one.protocol === protocol && one.endpoint === endpoint);
    if (existing) {
      const differs = Object.entries(attributes).some(([name, value]) => existing.attributes[name] !== value);
      if (differs) throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
      return { SubscriptionArn: existing.arn };
    }
    const asks = protocol !== 'sqs' && protocol !== 'lambda';
    // Who gets mail confirms at once: what an app writes to people is to be seen here, and nobody could click.
    const token = protocol.startsWith('http') ? randomBytes(32).toString('hex') : undefined;
    const arn = `${topic.arn}:${randomUUID()}`;
    const subscription: Subscription = { arn, topicArn: topic.arn, protocol, endpoint, attributes, token };
    state.setSubscription(subscription);
    if (protocol.startsWith('http')) await askToConfirm(cloud, subscription);
    const wantsArn = input.ReturnSubscriptionArn === true || input.ReturnSubscriptionArn === 'true';
    return { SubscriptionArn: !asks || wantsArn ? arn : 'pending confirmation' };
  };
}

export function confirmSubscription(state: SnsState): Operation {
  return async (input) => {
    const topic = state.topic(input.TopicArn);
    const found = state.subscriptionsOf(topic.arn).find((one) => one.token !== undefined && one.token === input.Token);
    if (!found) throw invalidParameter('Token');
    const { token: _, ...confirmed } = found;
    state.setSubscription(confirmed);
    return { SubscriptionArn: found.arn };
  };
}

/** Unsubscribing what is not there is no error. */
export function unsubscribe(state: SnsState): Operation {
  return async (input) => {
    state.deleteSubscription(String(input.SubscriptionArn));
    return {};
  };
}

export function getSubscriptionAttributes(cloud: Cloud, state: SnsState): Operation {
  return async (input) => {
    const subscription = state.subscription(input.SubscriptionArn);
    return {
      Attributes: {
        SubscriptionArn: subscription.arn,
        TopicArn: subscription.topicArn,
        Protocol: subscription.protocol,
        Endpoint: subscription.endpoint,
        Owner: cloud.accountId,
        PendingConfirmation: String(subscription.token !== undefined),
        ConfirmationWasAuthenticated: String(subscription.token === undefined),
        RawMessageDelivery: 'false',
        ...subscription.attributes,
      },
    };
  };
}

export function setSubscriptionAttributes(state: SnsState): Operation {
  return async (input) => {
    const subscription = state.subscription(input.SubscriptionArn);
    const { AttributeName: name, AttributeValue: value = '' } = input;
    checkAttribute(name, value, subscription.protocol);
    const attributes = { ...subscription.attributes, [name]: value };
    checkFilter(attributes);
    state.setSubscription({ ...subscription, attributes });
    return {};
  };
}

export function listSubscriptions(cloud: Cloud, state: SnsState): Operation {
  return async (input) => listed(state.subscriptions(), input, cloud);
}

export function listSubscriptionsByTopic(cloud: Cloud, state: SnsState): Operation {
  return async (input) => {
    const topic = state.topic(input.TopicArn);
    return listed(state.subscriptionsOf(topic.arn), input, cloud);
  };
}

function listed(all: readonly Subscription[], input: any, cloud: Cloud) {
  const { page, next: NextToken } = paginate(all, { token: input.NextToken, size: pageSize });
  return { Subscriptions: page.map((one) => shown(one, cloud)), NextToken };
}

function shown({ arn, topicArn, protocol, endpoint, token }: Subscription, cloud: Cloud) {
  const SubscriptionArn = token === undefined ? arn : 'PendingConfirmation';
  return { SubscriptionArn, TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint, Owner: cloud.accountId };
}

function checkEndpoint(protocol: unknown, endpoint: string): void {
  switch (protocol) {
    case 'sqs':
      if (!/^arn:aws[^:]*:sqs:/.test(endpoint)) throw invalidParameter('SQS endpoint ARN');
      if (endpoint.endsWith('.fifo'))
        throw invalidParameter('Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
      return;
    case 'lambda':
      if (!/^arn:aws[^:]*:lambda:/.test(endpoint)) throw invalidParameter('Lambda endpoint ARN');
      return;
    case 'http':
    case 'https':
      checkHttpEndpoint(protocol, endpoint);
      return;
    case 'email':
    case 'email-json':
      if (!endpoint.includes('@')) throw invalidParameter('Email address');
      return;
    case 'application':
    case 'firehose':
    case 'sms':
      throw new NotSupportedError(`SNS subscriptions of the protocol ${protocol}`);
    default:
      throw invalidParameter(`Does not support this protocol string: ${protocol}`);
  }
}

function checkAttribute(name: unknown, value: string, protocol: string): void {
  if (!settable.includes(String(name))) throw invalidParameter(`AttributeName: ${name}`);
  if (name === 'FilterPolicyScope' && !['MessageAttributes', 'MessageBody'].includes(value)) {
    throw invalidParameter(
      `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
    );
  }
  if (name === 'RawMessageDelivery' && !['true', 'false'].includes(value))
    throw invalidParameter(`Attributes Reason: RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
  if (name === 'RawMessageDelivery' && value === 'true' && protocol === 'lambda') {
    throw invalidParameter('Attributes Reason: Delivery protocol [lambda] does not support raw message delivery.');
  }
  if (name === 'DeliveryPolicy' && value !== '' && value !== '{}')
    throw new NotSupportedError('delivery policies of SNS subscriptions');
  if (name === 'RedrivePolicy' && value !== '' && value !== '{}') checkRedrive(value);
}

/** The policy and its scope are right or wrong together. */
function checkFilter({ FilterPolicy, FilterPolicyScope }: Readonly<Record<string, string>>): void {
  if (FilterPolicy) checkFilterPolicy(FilterPolicy, FilterPolicyScope);
}

/** A topic that is not FIFO keeps its dead letters in a queue that is not. */
function checkRedrive(text: string): void {
  let arn: unknown;
  try {
    arn = JSON.parse(text)?.deadLetterTargetArn;
  } catch {
    throw invalidParameter('RedrivePolicy: failed to parse JSON');
  }
  if (!/^arn:aws[^:]*:sqs:[^:]*:\d{12}:[\w-]+$/.test(String(arn)))
    throw invalidParameter('RedrivePolicy: deadLetterTargetArn must be the ARN of a standard queue');
}

/** The endpoint confirms by calling ConfirmSubscription with the token. */
async function askToConfirm(cloud: Cloud, { topicArn, token, endpoint }: Subscription): Promise<void> {
  const id = randomUUID();
  const body = JSON.stringify({
    Type: 'SubscriptionConfirmation',
    MessageId: id,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}. To confirm, call ConfirmSubscription with the token of this message.`,
    Timestamp: new Date(cloud.clock.now()).toISOString(),
  });
  const headers = {
    'x-amz-sns-message-type': 'SubscriptionConfirmation',
    'x-amz-sns-message-id': id,
    'x-amz-sns-topic-arn': topicArn,
  };
  try {
    await postMessage(endpoint, body, headers);
  } catch (error) {
    throw invalidParameter(`Unable to reach the endpoint ${endpoint}: ${(error as Error).message}`);
  }
}
