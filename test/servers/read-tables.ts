import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { EnginePorts } from '../fixtures/assessed-run.ts';

/** One snapshot of a table as PyIceberg reads it; values as text. */
export interface ReadSnapshot {
  readonly run: string;
  readonly operation: string;
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  /** Files whose partition is another one than PyIceberg makes of their rows. */
  readonly misplaced: readonly unknown[];
  readonly files: readonly {
    readonly path: string;
    readonly rows: number;
    readonly partition: Readonly<Record<string, string | null>>;
    readonly columns: Readonly<Record<string, { values: number; nulls: number; lower: string; upper: string }>>;
  }[];
}

/** Lays the tables of a lake in memory down in a folder, and lets PyIceberg read every snapshot of each. */
export async function readTables(
  { objects, tables }: EnginePorts,
  folder: string,
  names: readonly string[],
): Promise<ReadSnapshot[][]> {
  for (const key of objects.keys('curated/')) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), (await objects.readBytes(key))!);
  }
  const pointers = await Promise.all(names.map((table) => tables.pointer(table)));
  return readMetadata(pointers.map(({ metadata }) => join(folder, metadata!)));
}

/** What PyIceberg reads of every snapshot that metadata files name, which are on this disk. */
export async function readMetadata(paths: readonly string[]): Promise<ReadSnapshot[][]> {
  const script = join(import.meta.dirname, 'read_tables.py');
  const { stdout } = await promisify(execFile)(process.env.PYICEBERG_PYTHON!, [script, ...paths], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
