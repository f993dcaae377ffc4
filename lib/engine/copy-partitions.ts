import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { literal, quoted } from '../component/shape.ts';
import { isMemoryShort } from './memory-short-error.ts';
import { foreseenPartitions, rowGroupShape } from './row-groups.ts';
import { mostOpenFiles } from './session.ts';
import { parquetOptions, type WriteRequest } from './write-request.ts';

/** Rows with the columns whose values name the folders. */
export interface Folders {
  /** SQL. */
  readonly select: string;
  readonly columns: readonly string[];
  /** True where they are columns of the rows, and not beside them. */
  readonly stored: boolean;
}

/**
 * Writes rows into a folder for each combination of values, and returns what DuckDB says of each file. DuckDB holds a
 * piece of memory for each column of each combination, so that some thousands of them take a gigabyte, however few rows
 * they have; and it opens files anew that it had to close. Where there are more than it keeps open, or than memory has
 * room for, the rows are parted into a few files first, which are written one after another: half a million rows in 1,000
 * partitions took 4.5 s of CPU instead of 11.6, and 10,000 partitions a third of the memory.
 * @param request with the rows and the columns by which partitions are counted
 */
export async function copyPartitions(request: WriteRequest, folders: Folders): Promise<Record<string, any>[]> {
  if (request.rows !== undefined && request.rows <= mostOpenFiles) return copyOrPart(request, folders, 0);
  const partitions = await foreseenPartitions(request);
  if (partitions === undefined) return copyOrPart(request, folders, 0);
  if (partitions <= mostOpenFiles) return copyOrPart({ ...request, partitions }, folders, 0);
  return copyInTurns(request, folders, {
    time: 1,
    turns: Math.min(mostTurns, Math.ceil(partitions / usualPartitions)),
  });
}

/** @param time how often the rows were parted before */
async function copyOrPart(request: WriteRequest, folders: Folders, time: number): Promise<Record<string, any>[]> {
  try {
    return await copyAtOnce(request, folders);
  } catch (cause) {
    if (time === mostTimes || !isMemoryShort(cause)) throw cause;
    request.session.throwIfStopped();
    return copyInTurns(request, folders, { time: time + 1, turns: mostTurns });
  }
}

async function copyAtOnce(request: WriteRequest, { select, columns, stored }: Folders): Promise<Record<string, any>[]> {
  const { session, folder, name } = request;
  const { rowGroupRows, dictionaryEntries } = await rowGroupShape(request);
  const sizes = { ...request.sizes, ...(rowGroupRows !== undefined && { rowGroupRows }) };
  const all = [
    parquetOptions({ ...request, sizes, dictionaryEntries }),
    partitionedBy(columns),
    `FILENAME_PATTERN ${literal(`${name}-{i}`)}`,
    'OVERWRITE true',
    `WRITE_PARTITION_COLUMNS ${stored}`,
  ];
  return session.rows(`COPY (${select}) TO ${literal(folder)} (${all.join(', ')})`);
}

const mostTurns = 64;
/** Of a turn. */
const usualPartitions = 128;
/** As memory has room for hundreds of combinations at least, that is enough for a million. */
const mostTimes = 2;
const turnColumn = '__turn';

/** @param time how often the rows were parted before */
async function copyInTurns(
  request: WriteRequest,
  folders: Folders,
  { time, turns }: { readonly time: number; readonly turns: number },
): Promise<Record<string, any>[]> {
  const { session, folder } = request;
  const place = `${folder}-turns`;
  // What was written before memory ran out, or a name was too long.
  for (const left of [folder, place]) {
    rmSync(left, { recursive: true, force: true });
    mkdirSync(left);
  }
  const values = [...folders.columns.map(quoted), String(time)];
  const turn = `hash(${values.join(', ')}) % ${turns}`;
  const staged = [parquetOptions({ session }), partitionedBy([turnColumn]), 'WRITE_PARTITION_COLUMNS false'];
  const parted = await session.rows(
    `COPY (SELECT *, ${turn} AS ${turnColumn} FROM (${folders.select})) TO ${literal(place)} (${staged.join(', ')})`,
  );
  const written: Record<string, any>[] = [];
  for (const rows of Map.groupBy(parted, (row) => row.partition_keys[0].value as string).values()) {
    const paths = rows.map((row) => row.filename as string);
    const select = `SELECT * FROM read_parquet([${paths.map(literal).join(', ')}], hive_partitioning = false)`;
    // They are parts of what the request says of the rows.
    const { rows: _, partitions: __, ...others } = request;
    const own = { ...others, folder: join(folder, `${turnColumn}-${time}-${written.length}`) };
    written.push(...(await copyOrPart(own, { ...folders, select }, time)));
    for (const path of paths) rmSync(path);
  }
  rmSync(place, { recursive: true });
  return written;
}

function partitionedBy(columns: readonly string[]): string {
  return `PARTITION_BY (${columns.map(quoted).join(', ')})`;
}
