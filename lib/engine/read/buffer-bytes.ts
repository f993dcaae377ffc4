import { statSync } from 'node:fs';
import type { Session } from '../session.ts';

/** A file and the session that is to read it. */
export interface TextFile {
  readonly path: string;
  readonly session: Pick<Session, 'memoryBytes' | 'threads'>;
}

const mebibyte = 1024 * 1024;
/** Twice what lines have at the most where they are not longer than usual. */
export const leastBufferBytes = 2 * mebibyte;
/** Buffers of all threads, as a share of DuckDB's memory, and each at the most: where they fill a row group, and where not. */
const filling = { share: 1 / 6, most: 48 * mebibyte };
const usual = { share: 1 / 12, most: 32 * mebibyte };
/** Rows of DuckDB's row groups, and a few more, because the length of a line is an estimate. */
const rowGroupRows = 122_880 * 1.01;

/**
 * Buffers that each fill a row group, where there is room for such; else smaller ones, the rows of which DuckDB puts
 * together. Each thread has as many as the others, or some would wait for the last.
 * @param meanLine bytes
 */
export function bufferBytes(file: TextFile, meanLine: number): number {
  const full = fillingBytes(file, meanLine);
  if (full !== undefined) return full;
  const each = eachBytes(file);
  return rounded(each(Math.ceil(each(1) / roomFor(file, usual))));
}

/** Buffers that each fill a row group; undefined where there is no room for such, or the file has fewer rows. */
export function fillingBytes(file: TextFile, meanLine: number): number | undefined {
  const each = eachBytes(file);
  const group = meanLine * rowGroupRows;
  const full = each(Math.floor(each(1) / group));
  return full >= group && full <= roomFor(file, filling) ? rounded(full) : undefined;
}

/** Bytes of the file for a thread in each of so many rounds. */
function eachBytes({ path, session: { threads } }: TextFile) {
  const { size } = statSync(path);
  return (rounds: number) => size / (threads * Math.max(1, rounds));
}

function roomFor({ session: { memoryBytes, threads } }: TextFile, { share, most }: typeof usual): number {
  return Math.min(most, (memoryBytes * share) / threads);
}

/** DuckDB refuses to pad records of CSV where buffers are no multiple of 16 bytes. */
function rounded(bytes: number): number {
  return Math.max(leastBufferBytes, Math.ceil(bytes / mebibyte) * mebibyte);
}
