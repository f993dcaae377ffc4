import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { literal } from '../component/shape.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import { beyondCalendar } from './beyond-calendar.ts';
import type { OutputFile } from './chunk.ts';
import { StepFailedError } from './errors.ts';
import { throwIfMemoryShort } from './memory-short-error.ts';
import { writePartitions } from './partitions.ts';
import { measured, sized } from './sized.ts';
import { orderSql, parquetOptions, type WriteRequest } from './write-request.ts';
import { type ToldFile, writtenStatistics } from './written-statistics.ts';

/**
 * Writes rows as Parquet (zstd): one file, or exactly one for each combination of partition values, or several where one
 * would be larger than asked for. The file of a name holds the same rows whichever attempt wrote it, which is what makes
 * a repeated chunk harmless. No rows, no file.
 * Throws `StepFailedError` where an expression fails on the data, or a day or a time is of a year that it may not be of.
 */
export async function writeParquet(request: WriteRequest): Promise<OutputFile[]> {
  const { session, select, kind, of, folder, name, partitionBy, order = [], ties = [] } = request;
  mkdirSync(folder, { recursive: true });
  try {
    if (partitionBy.length > 0) {
      const { files, told } = await writePartitions(request);
      return await described(request, files, told);
    }
    const path = join(folder, `${name}.parquet`);
    const [row] = await session.rows(
      `COPY (${select}${orderSql({ order: [...order, ...ties] })}) TO ${literal(path)} (${parquetOptions(request)})`,
    );
    const rows = Number(row?.count ?? 0);
    if (rows === 0) return [];
    const files = await sized(request, { paths: [path], rows, ordered: true });
    const made = files.map((file) => ({ kind, of, name: `${name}${file.part}.parquet`, ...measured(file) }));
    return await described(request, made, [row as ToldFile]);
  } catch (cause) {
    if (cause instanceof PenstockError || cause instanceof TypeError) throw cause;
    throwIfMemoryShort(cause, `writing the rows of ${of}`);
    throw new StepFailedError({
      problem: `the rows of ${of} cannot be written: ${String((cause as Error).message).split('\n')[0]}`,
      received: of,
      allowed: 'values that fit the type of their column, e.g. 38 digits for sums of integers',
      change: 'use a TRY_ function or a filter before it, so that such rows are set aside',
      cause,
    });
  }
}

async function described(
  { session, stored, calendar, of }: WriteRequest,
  files: readonly OutputFile[],
  told: readonly ToldFile[],
): Promise<OutputFile[]> {
  const paths = files.map(({ path }) => path);
  const beyond = calendar && (await beyondCalendar({ session, columns: calendar, told, paths }));
  if (beyond !== undefined)
    throw new StepFailedError({
      problem: `the rows of ${of} cannot be written: ${beyond} has days or times of no year from 1 to 9999`,
      received: beyond,
      allowed: 'days and times of years from 1 to 9999',
      change: 'set such rows aside with a filter or a rule before it',
    });
  if (!stored) return [...files];
  const statistics = await writtenStatistics(session, paths, { columns: stored, told });
  return files.map((file) => ({ ...file, columns: statistics.get(file.path) ?? {} }));
}
