import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { readTable } from '../../../lib/runtime/publish/read-table.ts';
import type { World } from './world.ts';

let observerOfFiles: Promise<DuckDBConnection> | undefined;

/** One for all looks: to open DuckDB takes longer than to read a file of ten rows. */
function connection(): Promise<DuckDBConnection> {
  observerOfFiles ??= DuckDBInstance.create(':memory:', { threads: '1' }).then((instance) => instance.connect());
  return observerOfFiles;
}

const readers: Readonly<Record<string, (paths: string, types: string) => string>> = {
  '.parquet': (paths) => `read_parquet([${paths}], union_by_name = true)`,
  '.csv': (paths) => `read_csv([${paths}], header = true, all_varchar = true, union_by_name = true)`,
  // A file without rows does not say which columns they would have.
  '.gz': (paths, types) => `read_ndjson([${paths}], columns = {${types}})`,
};

/** What readers saw of a table once. */
export interface StateOfTable {
  /** What its snapshot says of itself. */
  readonly facts: Readonly<Record<string, string>>;
  /** Keys of its files. */
  readonly files: readonly string[];
}

/** What readers see of the lake. */
export class LakeView {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async keys(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.#world.look('s3', 'ListObjectsV2', {
      Bucket: this.#world.lake,
      Prefix: prefix,
    });
    return Contents.map(({ Key }: { Key: string }) => Key);
  }

  async read(key: string): Promise<Buffer> {
    const { Body } = await this.#world.look('s3', 'GetObject', { Bucket: this.#world.lake, Key: key });
    return Body.small() ?? buffer(Body);
  }

  async text(key: string): Promise<string | undefined> {
    try {
      return (await this.read(key)).toString('utf8');
    } catch (error) {
      if ((error as { code?: string }).code === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /** Keys of the files of a table in the version that the catalog names; undefined where there is no table. */
  async tableFiles(database: string, name: string): Promise<readonly string[] | undefined> {
    const found = await this.#table(database, name);
    if (!found) return undefined;
    const { files } = await readTable(found.objects, found.metadata);
    return files.map(({ key }) => key);
  }

  /** The states that a table ever had, the first one first; none where there is no table. */
  async tableStates(database: string, name: string): Promise<readonly StateOfTable[]> {
    const found = await this.#table(database, name);
    if (!found) return [];
    const { metadata } = await readTable(found.objects, found.metadata);
    const states: StateOfTable[] = [];
    for (const { 'snapshot-id': version, summary } of metadata.snapshots) {
      const { files } = await readTable(found.objects, found.metadata, { table: name, state: { version } });
      states.push({ facts: summary, files: files.map(({ key }) => key) });
    }
    return states;
  }

  async #table(database: string, name: string) {
    const { TableList } = await this.#world.look('glue', 'GetTables', { DatabaseName: database });
    const table = TableList.find(({ Name }: { Name: string }) => Name === name);
    if (!table) return undefined;
    const uri = `s3://${this.#world.lake}`;
    const objects: any = {
      uri,
      readText: (key: string) => this.text(key),
      readBytes: (key: string) => this.read(key),
    };
    return { objects, metadata: table.Parameters.metadata_location.slice(uri.length + 1) as string };
  }

  /** Rows of files of one kind, columns as text. */
  async rows(keys: readonly string[], columns: readonly string[]): Promise<Rows> {
    if (keys.length === 0) return [];
    const files: Buffer[] = [];
    for (const key of keys) files.push(await this.read(key));
    const hash = createHash('sha1');
    for (const file of files) hash.update(`${file.length} `).update(file);
    const what = `${extname(keys[0]!)} ${columns} ${hash.digest('base64')}`;
    const rows = known.get(what) ?? (await rowsOf(files, extname(keys[0]!), columns));
    known.set(what, rows);
    if (known.size > mostKnown) known.delete(known.keys().next().value!);
    return rows;
  }
}

type Rows = readonly (readonly (string | null)[])[];

/** What files hold, by their kind, the columns and their content: many histories publish the same. */
const known = new Map<string, Rows>();
const mostKnown = 20_000;

async function rowsOf(files: readonly Buffer[], extension: string, columns: readonly string[]): Promise<Rows> {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-look-'));
  try {
    const paths = files.map((bytes, index) => {
      const path = join(folder, `${index}${extension}`);
      writeFileSync(path, bytes);
      return `'${path}'`;
    });
    const chosen = columns.map((column) => `"${column}"::VARCHAR`).join(', ');
    const types = columns.map((column) => `"${column}": 'VARCHAR'`).join(', ');
    const sql = `SELECT ${chosen} FROM ${readers[extension]!(paths.join(', '), types)} ORDER BY ALL`;
    const result = await (await connection()).runAndReadAll(sql);
    return result.getRows() as (string | null)[][];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
