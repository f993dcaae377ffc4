import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import { alreadyThere, invalidInput, notFound } from './errors.ts';

export interface DatabaseRecord {
  readonly Name: string;
  readonly Description?: string;
  readonly LocationUri?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** One version of a table: what its `TableInput` said. */
export interface TableVersionRecord {
  readonly version: number;
  readonly input: Readonly<Record<string, any>>;
  readonly updatedAt: number;
}

export interface TableRecord {
  readonly database: string;
  readonly name: string;
  readonly createdAt: number;
  readonly createdBy: string;
  /** Oldest first; only the newest where archives were skipped. */
  readonly versions: readonly TableVersionRecord[];
}

/** Databases and tables of the account's one catalog. Names are folded to lower case, as AWS does. */
export class Catalog {
  readonly #databases: Collection<DatabaseRecord>;
  readonly #tables: Collection<TableRecord>;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#databases = cloud.store.collection('glue.databases');
    this.#tables = cloud.store.collection('glue.tables');
  }

  get id(): string {
    return this.#cloud.accountId;
  }

  arn(...path: string[]): string {
    return `arn:aws:glue:${this.#cloud.region}:${this.#cloud.accountId}:${path.join('/')}`;
  }

  /** Throws where the request means the catalog of another account. */
  requireOwn(catalogId: unknown): void {
    if (catalogId != null && catalogId !== this.id) throw notFound(`Catalog ${catalogId} not found.`);
  }

  databases(): DatabaseRecord[] {
    return [...this.#databases.values()].toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  }

  database(name: unknown): DatabaseRecord {
    const found = this.#databases.get(nameOf(name));
    if (!found) throw notFound(`Database ${nameOf(name)} not found.`);
    return found;
  }

  addDatabase(database: DatabaseRecord): void {
    if (this.#databases.get(database.Name)) throw alreadyThere('Database already exists.');
    this.#databases.set(database.Name, database);
  }

  setDatabase(database: DatabaseRecord): void {
    this.#databases.set(database.Name, database);
  }

  /** Deletes a database with its tables. */
  deleteDatabase(name: unknown): void {
    const { Name } = this.database(name);
    for (const table of this.tables(Name)) this.#tables.delete(keyOf(table.database, table.name));
    this.#databases.delete(Name);
  }

  tables(database: string): TableRecord[] {
    return [...this.#tables.values()]
      .filter((table) => table.database === database)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  table(databaseName: unknown, name: unknown): TableRecord {
    const { Name } = this.database(databaseName);
    const found = this.#tables.get(keyOf(Name, nameOf(name)));
    if (!found) throw notFound(`Table ${nameOf(name)} not found.`);
    return found;
  }

  addTable(table: TableRecord): void {
    if (this.#tables.get(keyOf(table.database, table.name))) throw alreadyThere('Table already exists.');
    this.setTable(table);
  }

  setTable(table: TableRecord): void {
    this.#tables.set(keyOf(table.database, table.name), table);
  }

  deleteTable(databaseName: unknown, name: unknown): void {
    const table = this.table(databaseName, name);
    this.#tables.delete(keyOf(table.database, table.name));
  }
}

const longestName = 255;

/** A name as the catalog keeps it. Throws InvalidInputException. */
export function nameOf(name: unknown): string {
  if (typeof name !== 'string' || name.length < 1 || name.length > longestName)
    throw invalidInput(`Name must be a text of 1 to ${longestName} characters.`);
  return name.toLowerCase();
}

const keyOf = (database: string, table: string) => `${database}/${table}`;
