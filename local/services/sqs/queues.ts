import { randomBytes } from 'node:crypto';
import type { Cloud } from '../../service.ts';
import { queueDoesNotExist } from './errors.ts';
import type { Delivery, MessageContent } from './message.ts';
import { Queue, type QueueRecord, type QueueSurroundings } from './queue.ts';

/** How long after its end nobody can have the name of a queue. */
const nameTakenMilliseconds = 60_000;

/** All queues of the account, by name, by URL and by ARN. */
export class Queues {
  readonly cloud: Cloud;
  readonly #records;
  readonly #deletedAt;
  readonly #around: QueueSurroundings;
  readonly #queues = new Map<string, Queue>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.#records = cloud.store.collection<QueueRecord>('sqs.queues');
    this.#deletedAt = cloud.store.collection<number>('sqs.deletedAt');
    this.#around = {
      clock: cloud.clock,
      store: cloud.store,
      contents: cloud.store.collection<MessageContent>('sqs.messages'),
      deliveries: cloud.store.collection<Delivery>('sqs.deliveries'),
      arn: (name) => this.arn(name),
      byArn: (arn) => this.byArn(arn),
    };
    this.#restore();
  }

  arn(name: string): string {
    return `arn:aws:sqs:${this.cloud.region}:${this.cloud.accountId}:${name}`;
  }

  /** The port may change from run to run, so URLs are never stored. */
  url(name: string): string {
    return `${this.cloud.endpoint}/${this.cloud.accountId}/${name}`;
  }

  all(): Queue[] {
    return [...this.#queues.values()];
  }

  byName(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  byArn(arn: string): Queue | undefined {
    const queue = this.#queues.get(arn.slice(arn.lastIndexOf(':') + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  /** The queues whose dead-letter queue this one is. */
  sourcesOf(target: Queue): Queue[] {
    return this.all().filter((queue) => queue.redrive?.deadLetterTargetArn === target.arn);
  }

  /** Reads account and name off the end of the URL; its host says nothing. Throws QueueDoesNotExist. */
  byUrl(url: unknown): Queue {
    const [account, name] = String(url ?? '')
      .split('/')
      .slice(-2);
    const queue = account === this.cloud.accountId ? this.#queues.get(name ?? '') : undefined;
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  /** To be told of the end of a queue whose name nobody is to have for a while. */
  takeName(name: string): void {
    this.#deletedAt.set(name, this.cloud.clock.now());
  }

  /** Whether a queue of this name was deleted so short a time ago that its name is still taken. */
  isRecentlyDeleted(name: string): boolean {
    const at = this.#deletedAt.get(name);
    if (at === undefined) return false;
    if (this.cloud.clock.now() - at < nameTakenMilliseconds) return true;
    this.#deletedAt.delete(name);
    return false;
  }

  create(name: string, attributes: Record<string, string>, tags: Record<string, string>): Queue {
    const now = this.cloud.clock.now();
    const record: QueueRecord = {
      id: randomBytes(8).toString('hex'),
      name,
      createdAt: now,
      modifiedAt: now,
      attributes,
      tags,
    };
    this.#records.set(name, record);
    const queue = new Queue(record, this.#around);
    this.#queues.set(name, queue);
    return queue;
  }

  change(queue: Queue, change: Partial<Pick<QueueRecord, 'attributes' | 'tags' | 'modifiedAt' | 'purgedAt'>>): void {
    const record = { ...queue.record, ...change };
    this.#records.set(record.name, record);
    queue.record = record;
  }

  delete(queue: Queue): void {
    this.cloud.store.transaction(() => {
      queue.purge();
      this.#records.delete(queue.record.name);
    });
    this.#queues.delete(queue.record.name);
    queue.close();
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
  }

  #restore(): void {
    const byId = new Map<string, Queue>();
    for (const record of this.#records.values()) {
      const queue = new Queue(record, this.#around);
      this.#queues.set(record.name, queue);
      byId.set(record.id, queue);
    }
    const bySequence = [...this.#around.contents.entries()].sort(([, a], [, b]) => a.sequence - b.sequence);
    for (const [key, content] of bySequence) {
      // A crash between the two writes of a message leaves its delivery out: it was never acknowledged as sent.
      const delivery = this.#around.deliveries.get(key);
      const queue = byId.get(key.slice(0, key.indexOf('/')));
      if (delivery && queue) queue.restore(content, delivery);
      else this.#around.contents.delete(key);
    }
  }
}
