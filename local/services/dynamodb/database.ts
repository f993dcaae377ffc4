import { nextTick } from 'node:process';
import type { Clock } from '../../../lib/core/clock.ts';
import type { Cloud } from '../../service.ts';
import { type Change, dynaliteDb, dynaliteOperation, type Failure, type Item, type Level } from './dynalite.ts';
import { awsError } from './failure.ts';
import { Locks } from './locks.ts';
import { MemoryLevel } from './memory-level.ts';
import { maxItemBytes } from './request.ts';
import type { TableDescription, Tables } from './tables.ts';
import { Writes } from './writes.ts';

/** One item before and after a committed change. */
export interface ItemChange {
  readonly table: string;
  /** The item's key inside its table, in the database's sort order. */
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Adds to a commit what must be written with it (stream records), or learns of it afterwards (expiry). */
export interface CommitHook {
  before?(changes: readonly ItemChange[], origin: WriteOrigin): readonly Change[];
  after?(changes: readonly ItemChange[]): void;
  /** Whether these changes must be committed one after the other with others like them. Default: no. */
  ordered?(changes: readonly ItemChange[]): boolean;
}

/** Who made a change: a caller, or DynamoDB itself when an item's time to live is over. */
export type WriteOrigin = 'caller' | 'timeToLive';

/** Items, their indexes and their locks. Every change goes through `write`, which commits it as one batch. */
export class Database {
  readonly level: Level;
  readonly tables: Tables;
  readonly #clock: Clock;
  readonly #locks = new Locks();
  readonly #hooks: CommitHook[] = [];

  constructor(cloud: Cloud, tables: Tables) {
    this.#clock = cloud.clock;
    this.tables = tables;
    this.level = cloud.store.persistent
      ? dynaliteDb.create({ path: cloud.store.folder('dynamodb') }).db
      : new MemoryLevel();
  }

  addHook(hook: CommitHook): void {
    this.#hooks.push(hook);
  }

  /** Runs one of dynalite's reading actions. */
  read(operation: string, data: any): Promise<any> {
    return this.#visibly(() => runAction(operation, this.#reader(), data));
  }

  /** Runs `work` while nobody else holds any of the names; an item's name is `itemName(table, key)`. */
  holding<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.#visibly(() => this.#locks.holding(names, work));
  }

  /**
   * Holds the names, lets `work` collect changes, then commits all of them, index entries included, as one batch:
   * after a crash either all are there or none. Nothing is written when `work` throws.
   */
  async write<T>(
    names: readonly string[],
    work: (writes: Writes) => Promise<T>,
    origin: WriteOrigin = 'caller',
  ): Promise<T> {
    return this.holding(names, async () => {
      const writes = new Writes(this);
      const result = await work(writes);
      const changes = writes.itemChanges();
      const ordered = this.#hooks.some((hook) => hook.ordered?.(changes));
      const commit = () => this.#commit(writes, changes, origin);
      await (ordered ? this.#locks.holding([commitLock], commit) : commit());
      return result;
    });
  }

  async #commit(writes: Writes, changes: readonly ItemChange[], origin: WriteOrigin): Promise<void> {
    const batch: Change[] = [...writes.changes()];
    for (const hook of this.#hooks) batch.push(...(hook.before?.(changes, origin) ?? []));
    if (batch.length > 0) await this.level.batch(batch);
    for (const hook of this.#hooks) hook.after?.(changes);
  }

  /** Every item of a table with its key, as it is now. */
  async *items(table: string): AsyncGenerator<[string, Item]> {
    const prefix = itemPrefix(table);
    for await (const [key, item] of this.level.iterator({ gte: prefix, lt: `${prefix}\xff` }))
      yield [key.slice(prefix.length), item];
  }

  /** Removes every item and index entry of a table. */
  async clear(table: TableDescription): Promise<void> {
    const prefixes = [itemPrefix(table.TableName)];
    for (const index of table.LocalSecondaryIndexes ?? [])
      prefixes.push(indexPrefix('local', table.TableName, index.IndexName));
    for (const index of table.GlobalSecondaryIndexes ?? [])
      prefixes.push(indexPrefix('global', table.TableName, index.IndexName));
    for (const prefix of prefixes) await this.level.clear({ gte: prefix, lt: `${prefix}\xff` });
  }

  async clearIndex(table: string, index: string): Promise<void> {
    const prefix = indexPrefix('global', table, index);
    await this.level.clear({ gte: prefix, lt: `${prefix}\xff` });
  }

  /** The database works in threads that a virtual clock does not see, so it is told. */
  async #visibly<T>(work: () => Promise<T>): Promise<T> {
    const release = this.#clock.hold?.();
    try {
      return await work();
    } finally {
      release?.();
    }
  }

  /** The shape of dynalite's own store, for reading. */
  #reader() {
    const within = (prefix: string) => ({
      get: (key: string, done: (error: unknown, value?: unknown) => void) =>
        callBack(this.level.get(prefix + key), done),
      createValueStream: (range: any) => this.level.createValueStream(prefixed(prefix, range)),
    });
    return {
      options: { maxItemSize: maxItemBytes },
      getTable: getTable(this.tables),
      getItemDb: (table: string) => within(itemPrefix(table)),
      getIndexDb: (kind: string, table: string, index: string) => within(indexPrefix(kind, table, index)),
    };
  }
}

/** Taken last of all locks, so that nobody waits in a circle. No item is called so. */
const commitLock = 'commit';

export const itemPrefix = (table: string) => `item-${table}~`;

export const itemName = (table: string, key: string) => itemPrefix(table) + key;

export const indexPrefix = (kind: string, table: string, index: string) =>
  `index-${kind.toLowerCase()}~${table}~${index}~`;

/** Dynalite looks tables up in its own database; ours are in the cloud's store. */
export function getTable(tables: Tables) {
  return (name: string, checkStatus: unknown, done?: (error: Failure | null, table?: unknown) => void) => {
    const finish = (done ?? checkStatus) as (error: unknown, table?: unknown) => void;
    const table = tables.find(name);
    if (table) return finish(null, table.description);
    const body = {
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'Requested resource not found',
    };
    finish(Object.assign(new Error(body.message), { statusCode: 400, body }));
  };
}

export function runAction(operation: string, store: unknown, data: any): Promise<any> {
  return new Promise((resolve, reject) => {
    dynaliteOperation(operation).run(store, data, (failure, result) =>
      failure ? reject(awsError(failure)) : resolve(result),
    );
  });
}

function callBack(promise: Promise<unknown>, done: (error: unknown, value?: unknown) => void): void {
  // The next tick lifts an exception thrown by the callback out of the promise, which would swallow it.
  promise.then(
    (value) => nextTick(done, null, value),
    (error) => nextTick(done, error),
  );
}

function prefixed(prefix: string, range: Record<string, any>): Record<string, any> {
  const { gt, gte, lt, lte, ...others } = range;
  return {
    ...others,
    ...(gt !== undefined ? { gt: prefix + gt } : { gte: prefix + (gte ?? '') }),
    ...(lte !== undefined ? { lte: prefix + lte } : { lt: prefix + (lt ?? '\xff') }),
  };
}
