import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { literal, quoted } from '../component/shape.ts';
import type { OutputFile } from './chunk.ts';
import { orderSql, parquetOptions, type WriteRequest } from './write-request.ts';

/** Rows that belong together, as they were written. */
interface Written {
  /** DuckDB's threads sometimes open a second file. */
  readonly paths: readonly string[];
  readonly rows: number;
  /** True where the rows of the one file stand in the order that was asked for. */
  readonly ordered: boolean;
}

export interface SizedFile {
  readonly path: string;
  readonly rows: number;
  /** Behind the name of a file that is one of several, e.g. `-1-of-3`. */
  readonly part: string;
}

/** Values by which DuckDB counts the rows of a row group. */
const vectorRows = 2048;

/** What was written as one file, in order, or as several near the size that was asked for. */
export async function sized(request: WriteRequest, { paths, rows, ordered }: Written): Promise<SizedFile[]> {
  const { fileBytes } = request.sizes ?? {};
  const together = paths.length === 1 && (ordered || orderSql(request) === '');
  const path = together
    ? paths[0]!
    : await rewrite(request, { paths, order: orderSql(request), path: join(dirname(paths[0]!), 'whole.parquet') });
  const parts = fileBytes === undefined ? 1 : partsOf(statSync(path).size, { rows, fileBytes });
  if (parts > 1) return split(request, { path, rows, parts });
  return [{ path: await regrouped(request, path, rows), rows, part: '' }];
}

/** Into how many files of about that size a file of these bytes goes. */
export function partsOf(bytes: number, { rows, fileBytes }: { readonly rows: number; readonly fileBytes: number }) {
  return Math.max(1, Math.min(rows, Math.ceil(bytes / fileBytes)));
}

/**
 * Cuts the rows into so many files. The same rows go to the same file whichever attempt cuts: those that could change
 * places in the order are alike in every column. The name tells the number of parts, as another attempt may count more.
 */
export async function split(
  request: Rewriting,
  { path, rows, parts }: { readonly path: string; readonly rows: number; readonly parts: number },
): Promise<SizedFile[]> {
  const { session } = request;
  const columns = await session.columns(`FROM ${parquet([path])}`);
  const order = `${orderSql(request) || ' ORDER BY'}${orderSql(request) && ','} ${columns.map(({ name }) => quoted(name)).join(', ')}`;
  const each = Math.ceil(rows / parts);
  const folder = `${path}-parts`;
  mkdirSync(folder);
  const numbered = `SELECT *, ((row_number() OVER (${order}) - 1) // ${each})::BIGINT AS ${partColumn} FROM ${parquet([path])}`;
  const written = await session.rows(
    `COPY (${numbered}) TO ${literal(folder)} (${parquetOptions(request)}, PARTITION_BY (${partColumn}))`,
  );
  rmSync(path);
  const byPart = Map.groupBy(written, (row) => Number(row.partition_keys[0].value));
  const files: SizedFile[] = [];
  for (const [index, found] of [...byPart].sort(([a], [b]) => a - b)) {
    const held = found.reduce((sum, row) => sum + Number(row.count), 0);
    const part = byPart.size > 1 ? `-${index + 1}-of-${byPart.size}` : '';
    const paths = found.map((row) => row.filename as string);
    const one = await rewrite(request, { paths, order, path: join(folder, `${index}.parquet`) });
    files.push({ path: await regrouped(request, one, held), rows: held, part });
  }
  return files;
}

/** Hidden column: to which part of a file a row goes. */
const partColumn = '__part';

type Rewriting = Pick<WriteRequest, 'session' | 'lasting' | 'metadata' | 'sizes' | 'order' | 'stored'>;

/** The file with row groups near the size that was asked for. */
async function regrouped(request: Rewriting, path: string, rows: number): Promise<string> {
  const { rowGroupBytes } = request.sizes ?? {};
  if (rowGroupBytes === undefined) return path;
  const fitting = (rows * rowGroupBytes) / statSync(path).size;
  const rowGroupRows = Math.max(vectorRows, Math.round(fitting / vectorRows) * vectorRows);
  const [largest, groups] = await request.session.counts(
    `SELECT max(row_group_num_rows), count(DISTINCT row_group_id) FROM parquet_metadata(${literal(path)})`,
  );
  if (largest! <= rowGroupRows && groups! <= Math.ceil(rows / rowGroupRows)) return path;
  const sizes = { ...request.sizes, rowGroupRows };
  return rewrite({ ...request, sizes }, { paths: [path], order: orderSql(request), path: `${path}-grouped.parquet` });
}

interface Rewrite {
  readonly paths: readonly string[];
  /** SQL with ORDER BY; empty: any. */
  readonly order: string;
  /** Of the new file. */
  readonly path: string;
}

/** Writes the rows of files into a new one, and removes those. */
async function rewrite(request: Rewriting, { paths, order, path }: Rewrite): Promise<string> {
  await request.session.run(`COPY (FROM ${parquet(paths)}${order}) TO ${literal(path)} (${parquetOptions(request)})`);
  for (const old of paths) rmSync(old);
  return path;
}

function parquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map(literal).join(', ')}], hive_partitioning = false)`;
}

/** A file with its size, as the engine reports it. */
export function measured({ path, rows }: SizedFile): Pick<OutputFile, 'path' | 'rows' | 'bytes'> {
  return { path, rows, bytes: statSync(path).size };
}
