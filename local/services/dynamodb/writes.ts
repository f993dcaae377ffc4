import { nextTick } from 'node:process';
import type { Database, ItemChange } from './database.ts';
import { getTable, indexPrefix, itemName, runAction } from './database.ts';
import type { Change, Item } from './dynalite.ts';
import { refuseEmptyIndexKeys } from './empty-index-keys.ts';
import { validation } from './failure.ts';
import { itemBytes } from './item-size.ts';
import { maxItemBytes, wire } from './request.ts';

type Done = (error: unknown, value?: unknown) => void;

/**
 * Collects what dynalite's writing actions would write, so that any number of them commit as one.
 * The caller holds the locks of the items.
 */
export class Writes {
  readonly #database: Database;
  readonly #changes: Change[] = [];
  readonly #items = new Map<string, ItemChange>();
  readonly #before = new Map<string, Item | undefined>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Runs `putItem`, `updateItem` or `deleteItem`; the item must be named to `Database.write`. */
  run(operation: string, data: any): Promise<any> {
    return runAction(operation, this.#store(operation), data);
  }

  /** The item as it was before any of these changes. */
  async before(table: string, key: string): Promise<Item | undefined> {
    const name = itemName(table, key);
    if (!this.#before.has(name)) this.#before.set(name, await this.#database.level.get(name));
    return this.#before.get(name);
  }

  /** Adds a change of the database that is not an item. */
  add(change: Change): void {
    this.#changes.push(change);
  }

  changes(): readonly Change[] {
    return this.#changes;
  }

  itemChanges(): readonly ItemChange[] {
    return [...this.#items.values()];
  }

  /** The shape of dynalite's own store; locks are already held, and writes are kept instead of written. */
  #store(operation: string) {
    const write = (name: string, value?: unknown) =>
      this.#changes.push(value === undefined ? { type: 'del', key: name } : { type: 'put', key: name, value });
    const itemDb = (table: string) => ({
      lock: (_key: string, work: (release: (done: Done) => Done) => void) => work((done) => done),
      get: (key: string, done: Done) => {
        this.before(table, key).then(
          (item) => nextTick(done, null, item && wire(item)),
          (error) => nextTick(done, error),
        );
      },
      put: (key: string, item: Item, done: Done) => {
        if (itemBytes(item) > maxItemBytes)
          return nextTick(done, validation('Item size to update has exceeded the maximum allowed size'));
        try {
          refuseEmptyIndexKeys(this.#database.tables.get(table), item, operation);
        } catch (error) {
          return nextTick(done, error);
        }
        write(itemName(table, key), item);
        this.#note(table, key, item);
        nextTick(done, null);
      },
      del: (key: string, done: Done) => {
        write(itemName(table, key));
        this.#note(table, key, undefined);
        nextTick(done, null);
      },
    });
    const indexDb = (kind: string, table: string, index: string) => ({
      put: (key: string, item: Item, done: Done) => {
        write(indexPrefix(kind, table, index) + key, item);
        nextTick(done, null);
      },
      del: (key: string, done: Done) => {
        write(indexPrefix(kind, table, index) + key);
        nextTick(done, null);
      },
    });
    return {
      options: { maxItemSize: Number.POSITIVE_INFINITY },
      getTable: getTable(this.#database.tables),
      getItemDb: itemDb,
      getIndexDb: indexDb,
    };
  }

  #note(table: string, key: string, after: Item | undefined): void {
    const name = itemName(table, key);
    this.#items.set(name, { table, key, before: this.#before.get(name), after });
  }
}
