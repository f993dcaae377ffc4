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
    return buffer(Body);
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
    const { TableList } = await this.#world.look('glue', 'GetTables', { DatabaseName: database });
    const table = TableList.find(({ Name }: { Name: string }) => Name === name);
    if (!table) return undefined;
    const uri = `s3://${this.#world.lake}`;
    const objects = {
      uri,
      readText: (key: string) => this.text(key),
      readBytes: (key: string) => this.read(key),
    };
    const metadata = table.Parameters.metadata_location.slice(uri.length + 1);
    const { files } = await readTable(objects as never, metadata);
    return files.map(({ key }) => key);
  }

  /** Rows of files of one kind, columns as text. */
  async rows(keys: readonly string[], columns: readonly string[]): Promise<(string | null)[][]> {
    if (keys.length === 0) return [];
    const folder = mkdtempSync(join(tmpdir(), 'penstock-look-'));
    try {
      const paths: string[] = [];
      for (const [index, key] of keys.entries()) {
        const path = join(folder, `${index}${extname(key)}`);
        writeFileSync(path, await this.read(key));
        paths.push(`'${path}'`);
      }
      const chosen = columns.map((column) => `"${column}"::VARCHAR`).join(', ');
      const types = columns.map((column) => `"${column}": 'VARCHAR'`).join(', ');
      const sql = `SELECT ${chosen} FROM ${readers[extname(keys[0]!)]!(paths.join(', '), types)} ORDER BY ALL`;
      const result = await (await connection()).runAndReadAll(sql);
      return result.getRows() as (string | null)[][];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
