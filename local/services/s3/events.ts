import { randomBytes } from 'node:crypto';
import type { Cloud, Principal } from '../../service.ts';
import type { Bucket } from './bucket.ts';
import { eventBridgeDetail, notificationMessage, notificationName, type ObjectEvent } from './object-event.ts';

/** An event on its way to one target. */
interface Delivery {
  readonly event: ObjectEvent;
  /** Queue, topic or function; undefined for EventBridge. */
  readonly targetArn?: string;
  readonly configurationId?: string;
}

const firstRetryMilliseconds = 1000;
/** As on AWS, a target that cannot be reached for a day is given up. */
const givenUpMilliseconds = 24 * 3_600_000;

/**
 * Tells EventBridge and queues of what happens to objects. A delivery is written down in the same transaction as the
 * change and struck out when it was taken, so that a crash in between sends it at the next start: at least once.
 */
export class Events {
  readonly #cloud: Cloud;
  readonly #waiting;

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
    for (const { arn, Id, Events: names, Filter } of notificationTargets(configuration)) {
      const wanted = names.some((name: string) => nameMatches(name, notificationName(full)));
      if (wanted && keyMatches(Filter, full.key)) deliveries.push({ event: full, targetArn: arn, configurationId: Id });
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

  #send(id: string, retryMilliseconds = firstRetryMilliseconds): void {
    const delivery = this.#waiting.get(id);
    if (!delivery) return;
    const { event, targetArn, configurationId = '' } = delivery;
    if (targetArn === undefined) {
      const resources = [`arn:aws:s3:::${event.bucket}`];
      this.#cloud.emit({ source: 'aws.s3', 'detail-type': event.type, resources, detail: eventBridgeDetail(event) });
      this.#waiting.delete(id);
      return;
    }
    const { accountId, region, clock } = this.#cloud;
    this.notify(targetArn, event.bucket, notificationMessage(event, region, configurationId, accountId)).then(
      () => this.#waiting.delete(id),
      () => {
        if (clock.now() - event.time > givenUpMilliseconds) this.#waiting.delete(id);
        else clock.after(retryMilliseconds, () => this.#send(id, retryMilliseconds * 2));
      },
    );
  }

  /** Hands a message to a queue, topic or function. Throws where it does not exist or does not let the bucket in. */
  async notify(targetArn: string, bucket: string, message: object): Promise<void> {
    const principal: Principal = { kind: 'service', arn: 's3.amazonaws.com', sourceArn: `arn:aws:s3:::${bucket}` };
    const [, , service, , account, name] = targetArn.split(':');
    const text = JSON.stringify(message);
    if (service === 'sqs') {
      const input = { QueueUrl: `${this.#cloud.endpoint}/${account}/${name}`, MessageBody: text };
      await this.#cloud.call('sqs', 'SendMessage', input, principal);
    } else if (service === 'sns') {
      const input = { TopicArn: targetArn, Message: text, Subject: 'Amazon S3 Notification' };
      await this.#cloud.call('sns', 'Publish', input, principal);
    } else {
      const input = { FunctionName: targetArn, InvocationType: 'Event', Payload: Buffer.from(text) };
      await this.#cloud.call('lambda', 'Invoke', input, principal);
    }
  }
}

/** Queues, topics and functions that a bucket notifies, alike. */
export function notificationTargets(configuration: any): any[] {
  const targets = (kind: string, arn: string) =>
    (configuration[kind] ?? []).map((each: any) => ({ ...each, arn: each[arn] }));
  return [
    ...targets('QueueConfigurations', 'QueueArn'),
    ...targets('TopicConfigurations', 'TopicArn'),
    ...targets('LambdaFunctionConfigurations', 'LambdaFunctionArn'),
  ];
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
