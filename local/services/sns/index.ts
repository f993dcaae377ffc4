import { queryHttp } from '../../protocols/query.ts';
import type { Operation, Permission, ServiceFactory } from '../../service.ts';
import { Deliveries } from './delivery/deliveries.ts';
import { deliverByHttp, httpDelivery } from './delivery/http-delivery.ts';
import { Mailbox } from './delivery/mailbox.ts';
import { publish, publishBatch } from './operations/publish.ts';
import {
  confirmSubscription,
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from './operations/subscriptions.ts';
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTagsForResource,
  listTopics,
  setTopicAttributes,
  tagResource,
  untagResource,
} from './operations/topics.ts';
import { SnsState } from './state.ts';
import { TopicKeys } from './topic-keys.ts';

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** Amazon SNS: standard topics with queues, functions, endpoints on this machine and mailboxes as subscribers. */
export const createSns: ServiceFactory = (cloud) => {
  const state = new SnsState(cloud);
  const mailbox = new Mailbox(cloud);
  const deliveries = new Deliveries(cloud, state, mailbox);
  const publishing = { cloud, state, deliveries, keys: new TopicKeys(cloud) };
  const operations: Record<string, Operation> = {
    CreateTopic: createTopic(cloud, state),
    DeleteTopic: deleteTopic(state),
    ListTopics: listTopics(state),
    GetTopicAttributes: getTopicAttributes(cloud, state),
    SetTopicAttributes: setTopicAttributes(cloud, state),
    Subscribe: subscribe(cloud, state),
    ConfirmSubscription: confirmSubscription(state),
    Unsubscribe: unsubscribe(state),
    GetSubscriptionAttributes: getSubscriptionAttributes(cloud, state),
    SetSubscriptionAttributes: setSubscriptionAttributes(state),
    ListSubscriptions: listSubscriptions(cloud, state),
    ListSubscriptionsByTopic: listSubscriptionsByTopic(cloud, state),
    Publish: publish(publishing),
    PublishBatch: publishBatch(publishing),
    TagResource: tagResource(state),
    UntagResource: untagResource(state),
    ListTagsForResource: listTagsForResource(state),
    [httpDelivery]: deliverByHttp(cloud),
    /** Not of AWS's API: the mails that subscribers got, oldest first. For tests and for people who look. */
    async ListSentEmails() {
      return { SentEmails: mailbox.all() };
    },
  };
  return {
    name: 'sns',
    operations,
    permissions: snsPermissions,
    http: queryHttp(cloud, 'sns', { namespace, maps: ['Attributes'] }),
    async start() {
      deliveries.start();
    },
    close: () => deliveries.close(),
  };
};

/** Subscriptions have no permissions of their own but those of their topic, whose ARN theirs begins with. */
function snsPermissions(operation: string, input: any): readonly Permission[] {
  const action = `sns:${operation === 'PublishBatch' ? 'Publish' : operation}`;
  const topic = input.TopicArn ?? input.TargetArn ?? input.ResourceArn ?? topicOf(input.SubscriptionArn);
  return [{ action, resource: topic === undefined ? '*' : String(topic) }];
}

function topicOf(subscriptionArn: unknown): string | undefined {
  return typeof subscriptionArn === 'string' ? subscriptionArn.slice(0, subscriptionArn.lastIndexOf(':')) : undefined;
}
