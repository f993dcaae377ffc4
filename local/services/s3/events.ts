import { randomBytes } from 'node:crypto';
import type { Cloud, Principal } from '../../service.ts';
import type { Bucket } from './bucket.ts';
import { eventBridgeDetail, notificationMessage, notificationName, type ObjectEvent } from './object-event.ts';

/** An event on its way to one target. */
interface Delivery {
  readonly event: ObjectEvent;
  /** Undefined for EventBridge. */
  readonly queueArn?: string;
  readonly configurationId?: string;
}

const retryMilliseconds = 30_000;
const givenUpMilliseconds = 24 * 3_600_000;

/**
 * Tells EventBridge and queues of what happens to objects. A delivery is written down in the same transaction as the
 * change and struck out when it was taken, so that a crash in between sends it at the next start: at least once.
 */
export class Events {
  readonly #cloud: Cloud;
  readonly #waiting;
  readonly #principal: Principal = { kind: 'service', arn: 's3.amazonaws.com' };

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#waiting = cloud.store.collection<Delivery>('s3.events');
  }

  /** Writes down whom to tell; the answer sends it, and is to be called when the change is committed. */
  record(bucket: Bucket, event: Omit<ObjectEvent, 'bucket'>): () => void {
    const configuration = bucket.record.settings.notification;
    if (!configuration) return () => {};
    const full: ObjectEvent = { ...event, bucket: bucket.record.name };
    const deliveries: Delivery[] = configuration.EventBridgeConfiguration ? [{ event: full }] : [];
    for (const { QueueArn, Id, Events: names, Filter } of configuration.QueueConfigurations ?? []) {
      if (!names.some((name: string) => nameMatches(name, notificationName(full))) || !keyMatches(Filter, full.key))
        continue;
      deliveries.push({ event: full, queueArn: QueueArn, configurationId: Id });
    }
    const ids = deliveries.map((delivery) => {
      const id = randomBytes(8).toString('hex');
      this.#waiting.set(id, delivery);
      return id;
    });
    return () => {
      for (const id of ids) this.#send(id);
    };
  }

  /** Sends what a crash left unsent. */
  start(): void {
    for (const id of [...this.#waiting.keys()]) this.#send(id);
  }

  #send(id: string): void {
    const delivery = this.#waiting.get(id);
    if (!delivery) return;
    const { event, queueArn } = delivery;
    if (queueArn === undefined) {
      const resources = [`arn:aws:s3:::${event.bucket}`];
      this.#cloud.emit({ source: 'aws.s3', 'detail-type': event.type, resources, detail: eventBridgeDetail(event) });
      this.#waiting.delete(id);
      return;
    }
    this.#sendToQueue(delivery, queueArn).then(
      () => this.#waiting.delete(id),
      () => {
        // As on AWS, a queue that cannot be written to for a day is given up.
        if (this.#cloud.clock.now() - event.time > givenUpMilliseconds) this.#waiting.delete(id);
        else this.#cloud.clock.after(retryMilliseconds, () => this.#send(id));
      },
    );
  }

  async #sendToQueue({ event, configurationId }: Delivery, queueArn: string): Promise<void> {
    const { accountId, region } = this.#cloud;
    const message = notificationMessage(event, region, configurationId ?? '', accountId);
    await this.sendMessage(queueArn, message);
  }

  /** Throws where the queue does not exist or may not be written to. */
  async sendMessage(queueArn: string, message: unknown): Promise<void> {
    const [account, name] = queueArn.split(':').slice(-2);
    const input = { QueueUrl: `${this.#cloud.endpoint}/${account}/${name}`, MessageBody: JSON.stringify(message) };
    await this.#cloud.call('sqs', 'SendMessage', input, this.#principal);
  }
}

/** `s3:ObjectCreated:*` and exact names. */
function nameMatches(configured: string, name: string): boolean {
  const wanted = configured.replace(/^s3:/, '');
  return wanted === name || (wanted.endsWith('*') && name.startsWith(wanted.slice(0, -1)));
}

function keyMatches(filter: any, key: string): boolean {
  return (filter?.Key?.FilterRules ?? []).every(({ Name, Value }: { Name: string; Value: string }) =>
    Name.toLowerCase() === 'prefix' ? key.startsWith(Value) : key.endsWith(Value),
  );
}
