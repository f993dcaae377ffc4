import { createHash } from 'node:crypto';
import type { Cloud } from '../../../service.ts';
import type { Collection } from '../../../store.ts';
import type { Alarm } from './alarm.ts';

export interface HistoryItem {
  readonly alarm: string;
  readonly alarmKind: Alarm['kind'];
  readonly kind: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly summary: string;
  readonly data: string;
}

/** How long history is kept, as on AWS. */
const keptMilliseconds = 30 * 86_400_000;

/** Alarms by name, and what has happened to them. */
export class AlarmStore {
  readonly #alarms: Collection<Alarm>;
  readonly #history: Collection<HistoryItem>;
  readonly #cloud: Cloud;
  #sequence = 0;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#alarms = cloud.store.collection('monitoring.alarms');
    this.#history = cloud.store.collection('monitoring.history');
  }

  get(name: string): Alarm | undefined {
    return this.#alarms.get(name);
  }

  all(): Alarm[] {
    return [...this.#alarms.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  set(alarm: Alarm): void {
    this.#alarms.set(alarm.name, alarm);
  }

  delete(name: string): void {
    this.#alarms.delete(name);
  }

  arn(name: string): string {
    return `arn:aws:cloudwatch:${this.#cloud.region}:${this.#cloud.accountId}:alarm:${name}`;
  }

  note(alarm: Alarm, kind: HistoryItem['kind'], summary: string, data: object): void {
    const at = this.#cloud.clock.now();
    const item = { alarm: alarm.name, alarmKind: alarm.kind, kind, at, summary, data: JSON.stringify(data) };
    // Two processes over one data folder's life must not write under one key.
    const key = createHash('sha256')
      .update(`${at} ${this.#sequence++} ${process.pid} ${alarm.name}`)
      .digest('hex');
    this.#history.set(key, item);
  }

  history(): HistoryItem[] {
    return [...this.#history.values()];
  }

  dropOld(now: number): void {
    for (const [key, { at }] of this.#history.entries()) if (at < now - keptMilliseconds) this.#history.delete(key);
  }
}
