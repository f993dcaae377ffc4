import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../lib/core/clock.ts';
import type { Json } from '../json.ts';
import { itemReaderError } from './item-reader-error.ts';

/** The rows of a Parquet file as objects. DuckDB reads files, so the bytes are put into one for as long as it takes. */
export async function readParquet(body: Buffer, clock: Clock): Promise<Json[]> {
  // Its threads are out of a virtual clock's sight.
  const release = clock.hold?.();
  const folder = await mkdtemp(join(tmpdir(), 'parquet-'));
  try {
    const path = join(folder, 'items.parquet');
    await writeFile(path, body);
    return await rowsOf(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
    release?.();
  }
}

async function rowsOf(path: string): Promise<Json[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const found = await connection.runAndReadAll('SELECT to_json(item) FROM read_parquet($path) AS item', { path });
    return found.getRows().map(([row]) => JSON.parse(row as string));
  } catch (error) {
    throw itemReaderError(`The Parquet file cannot be read: ${(error as Error).message}`);
  } finally {
    connection.disconnectSync();
    instance.closeSync();
  }
}
