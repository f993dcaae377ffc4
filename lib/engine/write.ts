import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Column } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import type { OutputFile } from './chunk.ts';
import { type Relation, rowColumn } from './relation.ts';
import type { Session } from './session.ts';

const parquet = 'FORMAT parquet, COMPRESSION zstd, RETURN_STATS true';

export interface WriteRequest {
  readonly session: Session;
  /** SQL of the rows. */
  readonly select: string;
  readonly kind: OutputFile['kind'];
  readonly of: string;
  /** Empty folder for the files. */
  readonly folder: string;
  /** File name without ending, the same whenever the chunk is repeated. */
  readonly name: string;
  readonly partitionBy: readonly string[];
}

/**
 * Writes rows as Parquet (zstd): one file, or exactly one for each combination of partition values. That is what makes
 * a repeated chunk harmless: the file of a name holds the same rows whichever attempt wrote it. No rows, no file.
 */
export async function writeParquet(request: WriteRequest): Promise<OutputFile[]> {
  const { session, select, folder, name, partitionBy } = request;
  mkdirSync(folder, { recursive: true });
  if (partitionBy.length === 0) {
    const [row] = await session.rows(`COPY (${select}) TO ${literal(join(folder, `${name}.parquet`))} (${parquet})`);
    return row && Number(row.count) > 0 ? [outputFile(request, row.filename, Number(row.count))] : [];
  }
  const columns = partitionBy.map(quoted).join(', ');
  const written = await session.rows(
    `COPY (${select}) TO ${literal(folder)} (${parquet}, PARTITION_BY (${columns}), WRITE_PARTITION_COLUMNS true, FILENAME_PATTERN ${literal(`${name}-{i}`)}, OVERWRITE true)`,
  );
  const byFolder = Map.groupBy(written, (row) => dirname(row.filename as string));
  const files: OutputFile[] = [];
  for (const [partition, rows] of byFolder) {
    const path = join(partition, `${name}.parquet`);
    if (rows.length === 1) renameSync(rows[0]!.filename, path);
    else
      await merge(
        session,
        rows.map((row) => row.filename),
        path,
      );
    const count = rows.reduce((sum, row) => sum + Number(row.count), 0);
    const values = Object.fromEntries(
      (rows[0]!.partition_keys as { key: string; value: string | null }[]).map((one) => [one.key, one.value]),
    );
    files.push({ ...outputFile(request, path, count), partitionValues: values });
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** DuckDB's threads sometimes open a second file for a partition. */
async function merge(session: Session, parts: readonly string[], path: string): Promise<void> {
  await session.run(
    `COPY (SELECT * FROM read_parquet([${parts.map(literal).join(', ')}], hive_partitioning = false)) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  for (const part of parts) rmSync(part);
}

function outputFile({ kind, of, folder }: WriteRequest, path: string, rows: number): OutputFile {
  return { path, kind, of, name: relative(folder, path), rows, bytes: statSync(path).size };
}

/** Parquet has no 128-bit integer, and DuckDB would write a DOUBLE in its place: rounded, in silence. */
export function storedType(type: string): string {
  return type === 'HUGEINT' || type === 'UHUGEINT' ? 'DECIMAL(38,0)' : type;
}

function stored({ name, type }: Column): string {
  const kept = storedType(type);
  return kept === type ? quoted(name) : `${quoted(name)}::${kept} AS ${quoted(name)}`;
}

/** SQL of what a table file holds: the columns of the node and nothing hidden. */
export function visibleRows(relation: Relation): string {
  return `SELECT ${relation.columns.map(stored).join(', ')} FROM ${relation.name}`;
}

/** SQL of rows on their way to another stage, with the partition that each belongs to. */
export function travellingRows(
  relation: Relation,
  columns: readonly Column[],
  keys: readonly string[],
  partitions: number,
): string {
  const hash = keys.length > 0 ? `(hash(${keys.map(quoted).join(', ')}) % ${partitions})::INTEGER` : '0';
  return `SELECT ${[...columns.map(stored), rowColumn].join(', ')}, ${hash} AS p FROM ${relation.name}`;
}
