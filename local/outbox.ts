import { randomUUID } from 'node:crypto';
import type { Timer } from '../lib/core/clock.ts';
import type { Cloud } from './service.ts';
import type { Collection } from './store.ts';

/** Something that was promised to be delivered and is not yet. */
export interface Pending<T> {
  readonly id: string;
  readonly item: T;
  /** When it was added, in milliseconds since the epoch. */
  readonly since: number;
  /** How often it has been tried. */
  readonly attempts: number;
}

export interface OutboxOptions<T> {
  /** Name of the collection that keeps what is pending. */
  readonly collection: string;
  /** Delivers, or rejects. May be called again for the same id. */
  deliver(pending: Pending<T>): Promise<unknown>;
  /** Milliseconds until the next attempt after a failed one (`attempts` counts it); undefined gives up. */
  pause(pending: Pending<T>, error: Error): number | undefined;
  /** Called once where there is no further attempt. */
  giveUp(pending: Pending<T>, error: Error): Promise<void>;
}

/**
 * Delivers at least once: an item is in the store from `add` until it is delivered or given up, so what a service has
 * accepted still arrives after its process was killed.
 */
export class Outbox<T> {
  readonly #cloud: Cloud;
  readonly #options: OutboxOptions<T>;
  readonly #pending: Collection<Pending<T>>;
  readonly #timers = new Set<Timer>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(cloud: Cloud, options: OutboxOptions<T>) {
    this.#cloud = cloud;
    this.#options = options;
    this.#pending = cloud.store.collection(options.collection);
  }

  /** Takes over what an earlier process left. */
  start(): void {
    for (const pending of this.#pending.values()) this.#attemptAfter(pending, 0);
  }

  /** Accepts an item; its first attempt follows at once, but not before this returns. */
  add(item: T): void {
    const pending: Pending<T> = { id: randomUUID(), item, since: this.#cloud.clock.now(), attempts: 0 };
    this.#pending.set(pending.id, pending);
    this.#attemptAfter(pending, 0);
  }

  /** Begins no further attempt and waits for those that are under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    await Promise.allSettled(this.#running);
  }

  #attemptAfter(pending: Pending<T>, milliseconds: number): void {
    const timer = this.#cloud.clock.after(milliseconds, () => {
      this.#timers.delete(timer);
      if (this.#closed) return;
      const run: Promise<void> = this.#attempt(pending).finally(() => this.#running.delete(run));
      this.#running.add(run);
    });
    this.#timers.add(timer);
  }

  async #attempt(pending: Pending<T>): Promise<void> {
    try {
      await this.#options.deliver(pending);
    } catch (error) {
      return this.#failed({ ...pending, attempts: pending.attempts + 1 }, error as Error);
    }
    this.#pending.delete(pending.id);
  }

  async #failed(pending: Pending<T>, error: Error): Promise<void> {
    const pause = this.#options.pause(pending, error);
    if (pause === undefined) {
      await this.#options.giveUp(pending, error);
      this.#pending.delete(pending.id);
    } else {
      this.#pending.set(pending.id, pending);
      this.#attemptAfter(pending, pause);
    }
  }
}
