import type { LocalCloud } from '../../../local/cloud.ts';
import type { ExecutionRecord } from '../../../local/services/stepfunctions/records.ts';

interface Queue {
  readonly id: string;
  readonly name: string;
}

const ofThePast = [
  ...['executions', 'histories', 'checkpoints', 'map-runs', 'tokens'].map((name) => `states.${name}`),
  ...['events.archived', 'monitoring.metrics', 'monitoring.buckets'],
];

/** What can be seen of services at once, without calling them. */
export class StoreView {
  readonly #cloud: LocalCloud;

  constructor(cloud: LocalCloud) {
    this.#cloud = cloud;
  }

  /** Executions of runs: those that tell people of them and children of Maps aside. */
  executions(): ExecutionRecord[] {
    return this.#all().filter(
      ({ mapRunArn, machineName }) => mapRunArn === undefined && !machineName.endsWith('-escalate'),
    );
  }

  get isRunning(): boolean {
    return this.#all().some(({ status }) => status === 'RUNNING' || status === 'PENDING_REDRIVE');
  }

  #all(): ExecutionRecord[] {
    return [...this.#cloud.store.collection<ExecutionRecord>('states.executions').values()];
  }

  /** Asynchronous invocations and events that services still owe. */
  get owed(): number {
    return this.#cloud.store.collection('lambda.queued').size + this.#cloud.store.collection('events.deliveries').size;
  }

  /** Forgets what services keep of the past. */
  forgetHistory(): void {
    for (const name of ofThePast) {
      const items = this.#cloud.store.collection(name);
      for (const key of [...items.keys()]) items.delete(key);
    }
  }

  /** Queues by name, with when their messages come into sight, in milliseconds since the epoch. */
  messages(): Map<string, number[]> {
    const queues = new Map<string, string>();
    for (const { id, name } of this.#cloud.store.collection<Queue>('sqs.queues').values()) queues.set(id, name);
    const messages = new Map<string, number[]>([...queues.values()].map((name) => [name, []]));
    for (const [key, { visibleAt }] of this.#cloud.store.collection<{ visibleAt: number }>('sqs.deliveries').entries())
      messages.get(queues.get(key.slice(0, key.indexOf('/')))!)?.push(visibleAt);
    return messages;
  }
}
