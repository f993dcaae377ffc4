import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { quoted } from '../component/shape.ts';
import type { OutputFile } from './chunk.ts';
import { copyPartitions, type Folders } from './copy-partitions.ts';
import { measured, sized } from './sized.ts';
import type { WriteRequest } from './write-request.ts';
import type { ToldFile } from './written-statistics.ts';

/** What was written for one combination of partition values. */
interface Partition {
  /** DuckDB's threads sometimes open a second file for a partition. */
  readonly paths: readonly string[];
  readonly rows: number;
  /** In the order of `partitionBy`, as text. */
  readonly values: readonly (string | null)[];
  readonly told: readonly ToldFile[];
}

export interface WrittenPartitions {
  readonly files: readonly OutputFile[];
  /** What DuckDB said of the files that it wrote first. */
  readonly told: readonly ToldFile[];
}

/** Writes a file for each combination of partition values, or several where one would be larger than asked for. */
export async function writePartitions(request: WriteRequest): Promise<WrittenPartitions> {
  const { kind, of, name, partitionBy } = request;
  const files: OutputFile[] = [];
  const folders = foldersOf(request);
  const partitions = (await byValue(request, folders)) ?? (await byNumber(request, folders));
  for (const { paths, rows, values } of partitions) {
    const folder = partitionBy.map((column, index) => `${escaped(column)}=${folderValue(values[index]!)}`).join('/');
    const partitionValues = Object.fromEntries(partitionBy.map((column, index) => [column, values[index]!]));
    // Threads write the rows of a partition as they come.
    for (const file of await sized(request, { paths, rows, ordered: false }))
      files.push({ kind, of, name: `${folder}/${name}${file.part}.parquet`, ...measured(file), partitionValues });
  }
  return {
    files: files.sort((a, b) => (a.name < b.name ? -1 : 1)),
    told: partitions.flatMap((partition) => partition.told),
  };
}

function foldersOf({ select, partitionBy, hidden = {} }: WriteRequest): Folders {
  if (Object.keys(hidden).length === 0) return { select, columns: partitionBy, stored: true };
  const columns = partitionBy.map((_, index) => `__folder_${index}`);
  const made = partitionBy.map((name, index) => `${hidden[name] ?? quoted(name)} AS ${columns[index]}`);
  return { select: `SELECT *, ${made.join(', ')} FROM (${select})`, columns, stored: false };
}

/**
 * Lets DuckDB name a folder for each value. Undefined where it cannot: a value is too long for a folder's name, or two
 * values get the same one (NULL, and the text that stands for it; upper and lower case on some disks).
 */
async function byValue(request: WriteRequest, folders: Folders): Promise<Partition[] | undefined> {
  const { session } = request;
  let written: Record<string, any>[];
  try {
    written = await copyPartitions({ ...request, select: folders.select, partitionBy: folders.columns }, folders);
  } catch (cause) {
    if (!/^IO Error/.test((cause as Error).message)) throw cause;
    session.throwIfStopped();
    return undefined;
  }
  const partitions = partitionsOf(written);
  const paths = partitions.flatMap((partition) => partition.paths);
  const files = new Set(paths.map((path) => statSync(path).ino));
  return files.size === paths.length ? partitions : undefined;
}

/** Numbers the combinations first, which costs a second run of the query, and lets the numbers name the folders. */
async function byNumber(request: WriteRequest, folders: Folders): Promise<Partition[]> {
  const { session, folder } = request;
  const { select, columns: names, stored } = folders;
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const columns = names.map(quoted);
  const numbers = session.newName('partitions');
  await session.run(
    `CREATE TABLE ${numbers} AS SELECT row_number() OVER () AS __number, * FROM (SELECT DISTINCT ${columns.join(', ')} FROM (${select}))`,
  );
  const same = columns.map((column) => `written.${column} IS NOT DISTINCT FROM numbers.${column}`).join(' AND ');
  const beside = stored ? '' : ` EXCLUDE (${columns.join(', ')})`;
  const numbered = `SELECT written.*${beside}, __number FROM (${select}) written JOIN ${numbers} numbers ON ${same}`;
  const given = { ...request, select, partitionBy: names };
  const written = await copyPartitions(given, { select: numbered, columns: ['__number'], stored: false });
  const values = new Map(
    (
      await session.rows(
        `SELECT __number::VARCHAR AS __number, [${columns.map((one) => `${one}::VARCHAR`)}] AS combination FROM ${numbers}`,
      )
    ).map((row) => [row.__number as string, row.combination as (string | null)[]]),
  );
  return partitionsOf(written).map((partition) => ({ ...partition, values: values.get(partition.values[0]!)! }));
}

function partitionsOf(written: readonly Record<string, any>[]): Partition[] {
  const keys = (row: Record<string, any>) => row.partition_keys as { key: string; value: string | null }[];
  return [...Map.groupBy(written, (row) => JSON.stringify(keys(row))).values()].map((rows) => ({
    paths: rows.map((row) => row.filename),
    rows: rows.reduce((sum, row) => sum + Number(row.count), 0),
    values: keys(rows[0]!).map(({ value }) => value),
    told: rows as unknown as ToldFile[],
  }));
}

/** What a key may be long at the most, and the name that Hive gave to nothing. */
const longestValue = 120;
const nothing = '__HIVE_DEFAULT_PARTITION__';

/** A value as part of an object key: each value another one, and none that is a path. */
function folderValue(value: string | null): string {
  if (value === null) return nothing;
  if (value === nothing) return `%5F${value.slice(1)}`;
  const text = escaped(value);
  if (text.length <= longestValue) return text;
  return `${text.slice(0, longestValue - 17)}~${createHash('sha256').update(value).digest('hex').slice(0, 16)}`;
}

function escaped(text: string): string {
  const bytes = [...Buffer.from(text)];
  return bytes
    .map((byte) => String.fromCharCode(byte))
    .map((letter) =>
      /[A-Za-z0-9_.-]/.test(letter) ? letter : `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
