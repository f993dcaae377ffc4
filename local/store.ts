import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A named map of JSON values. Reads are from memory; with a data folder every change is on disk before `set` returns. */
export interface Collection<T> {
  get(key: string): T | undefined;
  has(key: string): boolean;
  set(key: string, value: T): void;
  delete(key: string): boolean;
  keys(): MapIterator<string>;
  values(): MapIterator<T>;
  entries(): MapIterator<[string, T]>;
  readonly size: number;
}

/** Where local AWS keeps its state: in memory, or in a folder that survives a restart and a `kill -9`. */
export interface Store {
  /** The same name gives the same collection. Values must survive JSON. A value changed in place must be `set` again. */
  collection<T>(name: string): Collection<T>;
  /** A folder for files of one service; a temporary one, removed on close, where there is no data folder. */
  folder(name: string): string;
  readonly persistent: boolean;
  /** Several changes as one: all of them or none are there after a crash. */
  transaction<T>(change: () => T): T;
  close(): void;
}

/** Opens the store. `dataFolder` undefined keeps everything in memory (files in a temporary folder). */
export function openStore(dataFolder?: string): Store {
  const root = dataFolder ?? mkdtempSync(join(tmpdir(), 'penstock-'));
  mkdirSync(root, { recursive: true });
  const database = dataFolder ? openDatabase(join(root, 'state.sqlite')) : undefined;
  const collections = new Map<string, Collection<any>>();
  // Prepared once: to parse them for each change takes as long as the change.
  const [begin, commit, rollback] = ['BEGIN', 'COMMIT', 'ROLLBACK'].map((sql) => database?.prepare(sql));
  return {
    persistent: dataFolder !== undefined,
    collection(name) {
      let found = collections.get(name);
      if (!found) {
        found = database ? persistentCollection(database, name) : memoryCollection();
        collections.set(name, found);
      }
      return found;
    },
    folder(name) {
      const path = join(root, name);
      mkdirSync(path, { recursive: true });
      return path;
    },
    transaction(change) {
      if (!database || database.isTransaction) return change();
      begin!.run();
      try {
        const result = change();
        commit!.run();
        return result;
      } catch (error) {
        rollback!.run();
        throw error;
      }
    },
    close() {
      database?.close();
      if (!dataFolder) rmSync(root, { recursive: true, force: true });
    },
  };
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  // A killed process loses nothing that was written to the operating system; only a power cut could, and needs no guard here.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
  database.exec(
    'CREATE TABLE IF NOT EXISTS item (collection TEXT, key TEXT, value TEXT, PRIMARY KEY (collection, key)) WITHOUT ROWID',
  );
  return database;
}

function memoryCollection<T>(): Collection<T> {
  return new Map<string, T>();
}

function persistentCollection<T>(database: DatabaseSync, name: string): Collection<T> {
  const items = new Map<string, T>();
  for (const row of database.prepare('SELECT key, value FROM item WHERE collection = ?').all(name)) {
    items.set(row.key as string, JSON.parse(row.value as string));
  }
  const put = database.prepare('INSERT INTO item VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  const remove = database.prepare('DELETE FROM item WHERE collection = ? AND key = ?');
  return {
    get: (key) => items.get(key),
    has: (key) => items.has(key),
    set(key, value) {
      put.run(name, key, JSON.stringify(value));
      items.set(key, value);
    },
    delete(key) {
      if (!items.delete(key)) return false;
      remove.run(name, key);
      return true;
    },
    keys: () => items.keys(),
    values: () => items.values(),
    entries: () => items.entries(),
    get size() {
      return items.size;
    },
  };
}
