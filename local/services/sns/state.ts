import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import { subscriptionNotFound, topicNotFound } from './errors.ts';

export interface Topic {
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What confirms the subscription; undefined once it is confirmed. */
  readonly token?: string;
}

/** Topics and subscriptions by ARN. */
export class SnsState {
  readonly #topics: Collection<Topic>;
  readonly #subscriptions: Collection<Subscription>;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#topics = cloud.store.collection('sns.topics');
    this.#subscriptions = cloud.store.collection('sns.subscriptions');
  }

  topicArn(name: string): string {
    return `arn:aws:sns:${this.#cloud.region}:${this.#cloud.accountId}:${name}`;
  }

  findTopic(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  topic(arn: unknown): Topic {
    const topic = this.#topics.get(String(arn));
    if (!topic) throw topicNotFound();
    return topic;
  }

  topics(): Topic[] {
    return [...this.#topics.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  setTopic(topic: Topic): void {
    this.#topics.set(topic.arn, topic);
  }

  /** A topic takes its subscriptions with it. */
  deleteTopic(arn: string): void {
    for (const subscription of this.subscriptionsOf(arn)) this.#subscriptions.delete(subscription.arn);
    this.#topics.delete(arn);
  }

  findSubscription(arn: string): Subscription | undefined {
    return this.#subscriptions.get(arn);
  }

  subscription(arn: unknown): Subscription {
    const subscription = this.#subscriptions.get(String(arn));
    if (!subscription) throw subscriptionNotFound();
    return subscription;
  }

  subscriptions(): Subscription[] {
    return [...this.#subscriptions.values()];
  }

  subscriptionsOf(topicArn: string): Subscription[] {
    return this.subscriptions().filter((subscription) => subscription.topicArn === topicArn);
  }

  setSubscription(subscription: Subscription): void {
    this.#subscriptions.set(subscription.arn, subscription);
  }

  deleteSubscription(arn: string): void {
    this.#subscriptions.delete(arn);
  }
}
