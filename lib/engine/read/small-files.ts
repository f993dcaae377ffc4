import { isUtf8 } from 'node:buffer';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { Format } from '../../component/connector.ts';
import { packingOf } from '../../core/packing.ts';
import { InputMalformedError } from '../errors.ts';
import type { ReadRequest } from '../source-files.ts';
import { CsvScanner } from './csv-scanner.ts';
import { jsonArrayLines } from './json-array.ts';
import { Lines } from './lines.ts';
import { notText, tooLong, withoutMark } from './scanner.ts';
import { zstdUnpacked } from './zstd-frames.ts';

/** Larger files are worth a query of their own. */
const smallBytes = 256 * 1024;
/** So many of them go together: where each begins is part of the query. */
const mostFiles = 1000;

type File = ReadRequest['file'];
type TextFormat = Exclude<Format, { kind: 'parquet' }>;

/** Small files put together. */
export interface FilePool {
  /** The records of all files, one behind the other, below the header of the first. */
  readonly path: string;
  /** With the number of records of each. */
  readonly members: readonly { readonly file: File; readonly records: number }[];
}

/** What is there to read: files as they are, and small ones of the same form together. */
export interface Pooled {
  readonly pools: readonly FilePool[];
  readonly alone: readonly File[];
}

/**
 * Puts small text files together, because each query costs more than their few rows: only those whose records can be
 * told without doubt, so that each keeps its place in its own file. The others are left alone.
 */
export async function poolSmallFiles(
  files: readonly File[],
  { format, workFolder, newName }: { readonly format: TextFormat; readonly workFolder: string; newName(): string },
): Promise<Pooled> {
  const alone: File[] = [];
  const filling = new Map<string, OpenPool>();
  const full: OpenPool[] = [];
  for (const file of files) {
    const records = files.length > 1 && isWhole(file) ? await recordsOf(file.path, format) : undefined;
    if (!records) {
      alone.push(file);
      continue;
    }
    const form = `${records.quoted} ${records.header?.toString('base64')}`;
    let pool = filling.get(form);
    if (!pool) {
      const path = join(workFolder, newName());
      pool = { path, output: new Lines(path), members: [] };
      if (records.header) pool.output.add(records.header);
      filling.set(form, pool);
    }
    for (const line of records.lines) pool.output.add(line);
    await pool.output.flush();
    pool.members.push({ file, records: records.lines.length });
    if (pool.members.length === mostFiles) {
      full.push(pool);
      filling.delete(form);
    }
  }
  const pools = [...full, ...filling.values()];
  for (const { output } of pools) await output.close();
  return { pools, alone };
}

interface OpenPool extends FilePool {
  readonly output: Lines;
  readonly members: { file: File; records: number }[];
}

function isWhole({ rejects, rows, recordsBefore = 0 }: File): boolean {
  return !rejects && rows === undefined && recordsBefore === 0;
}

/** The records of a small file, each on a line; undefined where they are not told without doubt. */
interface Records {
  readonly lines: readonly Buffer[];
  readonly header?: Buffer;
  /** True where a quote occurs. */
  readonly quoted: boolean;
}

async function recordsOf(path: string, format: TextFormat): Promise<Records | undefined> {
  const bytes = await smallContent(path);
  if (!bytes || !isUtf8(bytes)) return undefined;
  if (format.kind === 'csv') return csvRecords(bytes, format);
  try {
    return jsonRecords(format.kind === 'json' ? jsonArrayLines(bytes, path) : withoutMark(bytes));
  } catch (cause) {
    // It is read alone, and told by its key.
    if (cause instanceof InputMalformedError) return undefined;
    throw cause;
  }
}

async function smallContent(path: string): Promise<Buffer | undefined> {
  const file = await open(path);
  try {
    if ((await file.stat()).size > smallBytes) return undefined;
  } finally {
    await file.close();
  }
  const bytes = await readFile(path);
  try {
    const packing = packingOf(bytes);
    if (packing === 'gzip') return gunzipSync(bytes, { maxOutputLength: smallBytes });
    if (packing === 'zstd') return await smallZstd(bytes);
  } catch {
    // Whether it is broken or large is found out where it is read alone.
    return undefined;
  }
  return bytes;
}

async function smallZstd(bytes: Buffer): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of zstdUnpacked(Readable.from([bytes]))) {
    pieces.push(piece);
    size += piece.length;
    if (size > smallBytes) return undefined;
  }
  return Buffer.concat(pieces);
}

function csvRecords(bytes: Buffer, format: Extract<Format, { kind: 'csv' }>): Records | undefined {
  const quoted = bytes.includes(format.quote);
  const text = withoutMark(bytes);
  const scanner = new CsvScanner(format);
  const lines: Buffer[] = [];
  for (const records of [scanner.push(text), scanner.end()]) {
    for (const { bytes: line, problem } of records) {
      // Of files without quotes a record with too few or too many fields is told in the query.
      if (problem !== undefined && (quoted || problem === tooLong || problem === notText)) return undefined;
      if (line.includes(0) || (!quoted && line.includes('\r'))) return undefined;
      lines.push(Buffer.from(line));
    }
  }
  if (!format.header) return { lines, quoted };
  const header = text
    .subarray(0, scanner.headerEnd)
    .toString('utf8')
    .replace(/^[\r\n]+|[\r\n]+$/g, '');
  return header === '' ? undefined : { lines, header: Buffer.from(header), quoted };
}

function jsonRecords(text: Buffer): Records | undefined {
  if (text.includes('\r') || text.includes(0)) return undefined;
  const lines: Buffer[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(10, from);
    lines.push(text.subarray(from, end < 0 ? text.length : end));
    from = end < 0 ? text.length : end + 1;
  }
  return { lines, quoted: false };
}
