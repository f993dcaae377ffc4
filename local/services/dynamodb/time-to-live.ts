import type { Clock, Timer } from '../../../lib/core/clock.ts';
import { type CommitHook, type Database, type ItemChange, itemName } from './database.ts';
import type { Item } from './dynalite.ts';

/** An expiry that lies further back is taken for a mistake, and the item stays. */
const longestPastSeconds = 5 * 365 * 86_400;

/**
 * Deletes items when the time in their table's TTL attribute is over. AWS takes up to days for it; here one timer waits
 * for the earliest expiry, so that a virtual clock may jump to it.
 */
export class TimeToLive implements CommitHook {
  readonly #database: Database;
  readonly #clock: Clock;
  /** Expiry in seconds since the epoch by item name, for tables that have a TTL attribute. */
  readonly #expiries = new Map<string, { table: string; key: string; at: number }>();
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #sweeping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    for (const table of this.#database.tables.names()) await this.watch(table);
  }

  /** Takes in every item of a table whose TTL attribute was set or changed. */
  async watch(table: string): Promise<void> {
    this.forget(table);
    if (this.#database.tables.find(table)?.timeToLive === undefined) return;
    for await (const [key, item] of this.#database.items(table)) this.#note(table, key, item);
    this.#arm();
  }

  forget(table: string): void {
    for (const [name, expiry] of this.#expiries) if (expiry.table === table) this.#expiries.delete(name);
  }

  after(changes: readonly ItemChange[]): void {
    for (const { table, key, after } of changes) this.#note(table, key, after);
    this.#arm();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#sweeping;
  }

  #note(table: string, key: string, item: Item | undefined): void {
    const at = item && this.#expiryOf(table, item);
    if (at === undefined) this.#expiries.delete(itemName(table, key));
    else this.#expiries.set(itemName(table, key), { table, key, at });
    if (at !== undefined && at * 1000 < this.#timerAt) this.#timerAt = Number.NaN;
  }

  #expiryOf(table: string, item: Item): number | undefined {
    const attribute = this.#database.tables.find(table)?.timeToLive;
    const text = attribute === undefined ? undefined : item[attribute]?.N;
    const at = text === undefined ? Number.NaN : Number(text);
    return Number.isFinite(at) && at > this.#clock.now() / 1000 - longestPastSeconds ? at : undefined;
  }

  /** Sets the timer where an earlier expiry has come in. */
  #arm(): void {
    if (this.#closed || !Number.isNaN(this.#timerAt)) return;
    this.#timer?.cancel();
    let earliest = Number.POSITIVE_INFINITY;
    for (const { at } of this.#expiries.values()) earliest = Math.min(earliest, at * 1000);
    this.#timerAt = earliest;
    if (earliest === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(Math.max(0, earliest - this.#clock.now()), () => {
      this.#sweeping = this.#sweep();
    });
  }

  async #sweep(): Promise<void> {
    const now = this.#clock.now() / 1000;
    const due = [...this.#expiries].filter(([, expiry]) => expiry.at <= now);
    for (const [name, { table, key }] of due) {
      if (this.#closed) return;
      await this.#expire(name, table, key, now);
    }
    this.#timerAt = Number.NaN;
    this.#arm();
  }

  /** The item may have been renewed since: what counts is what is there under the lock. */
  async #expire(name: string, table: string, key: string, now: number): Promise<void> {
    const work = async (writes: import('./writes.ts').Writes) => {
      const item = await writes.before(table, key);
      const at = item && this.#expiryOf(table, item);
      if (at === undefined || at > now) return this.#expiries.delete(name);
      const description = this.#database.tables.find(table)!.description;
      const Key = Object.fromEntries(
        description.KeySchema.map(({ AttributeName }) => [AttributeName, item![AttributeName]]),
      );
      return writes.run('deleteItem', { TableName: table, Key });
    };
    await this.#database.write([name], work, 'timeToLive');
  }
}
