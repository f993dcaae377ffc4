import { join } from 'node:path';
import { literal, quoted } from '../../component/shape.ts';
import type { Taken } from '../rejects.ts';
import { firstRow, rowColumn } from '../relation.ts';
import type { ReadRequest } from '../source-files.ts';
import { bufferBytes, leastBufferBytes, type TextFile } from './buffer-bytes.ts';
import type { TextLook } from './look-at-text.ts';
import { longestRecordBytes, type Scanner } from './scanner.ts';
import { sift } from './sift.ts';

/** How the text of a file is cut into records of text columns. */
export interface TextLayout {
  readonly columns: readonly string[];
  /** Options of DuckDB's CSV reader for this dialect. */
  readonly dialect: readonly string[];
  /** The dialect's separator of columns. */
  readonly separator: string;
  /** How the text of a record is read again: by its columns, or as the JSON that it is. */
  readonly form: 'text' | 'json';
  /** Finds the records of a file that DuckDB does not read to its end. */
  scanner(): Scanner;
}

type LineLengths = Pick<TextLook, 'longestLine' | 'meanLine'>;

/**
 * Options for lines of such lengths: DuckDB's buffers are 16 times the longest where nothing is said. A thread takes a
 * quarter of a buffer at a time, or as much as a line may have, and the rows of what it took are copied once more where they
 * do not fill a row group: with quarters that was a fifth of the time to read orders.
 */
function limits(file?: TextFile, lengths?: LineLengths): readonly string[] {
  const isUsual = file && lengths && lengths.longestLine <= leastBufferBytes / 2;
  const size = isUsual ? bufferBytes(file, lengths.meanLine) : undefined;
  const [line, buffer] = [size ?? longestRecordBytes, size ?? 2 * longestRecordBytes];
  return [`max_line_size = ${line}`, `buffer_size = ${buffer}`, 'auto_detect = false'];
}

/**
 * SQL of a text file's columns, all of them as text.
 * @param lengths of its lines; default: a record may be as long as any may
 */
export function textColumns(
  file: TextFile,
  columns: readonly string[],
  options: readonly string[],
  lengths?: LineLengths,
): string {
  return readText(file.path, columns, [...limits(file, lengths), ...options]);
}

function readText(path: string, columns: readonly string[], options: readonly string[]): string {
  const types = columns.map((column) => `${quoted(column)}: 'VARCHAR'`).join(', ');
  return `read_csv(${literal(path)}, columns = {${types}}, ${options.join(', ')})`;
}

/** Records of a file that was sifted: SQL of those that can be read, with `__row`, and what became of the others. */
export async function siftText(
  { session, node, file, rejects, workFolder, signal }: ReadRequest,
  layout: TextLayout,
): Promise<{ readonly from: string; readonly taken: Taken }> {
  const { columns, dialect, separator, scanner } = layout;
  const stem = session.newName('sifted');
  const [good, bad] = [join(workFolder, `${stem}-good`), join(workFolder, `${stem}-bad.ndjson`)];
  await sift({ from: file.path, good, bad, separator, scanner: scanner(), signal });
  const from = `(SELECT ${columns.map(quoted).join(', ')}, ${firstRow(file)} + __record::BIGINT - 1 AS ${rowColumn} FROM ${goodRecords(good, columns, dialect)})`;
  return { from, taken: await takeUnreadable({ node, file, rejects }, layout, bad) };
}

/**
 * Sets aside records that cannot be read.
 * @param bad file with a line of JSON for each: `record`, `problem`, `raw`, and `whole`: true where raw is all of it
 */
export function takeUnreadable(
  { node, file, rejects }: Pick<ReadRequest, 'node' | 'file' | 'rejects'>,
  layout: Pick<TextLayout, 'form' | 'columns'>,
  bad: string,
): Promise<Taken> {
  const fields = "columns = {'record': 'BIGINT', 'problem': 'VARCHAR', 'raw': 'VARCHAR', 'whole': 'BOOLEAN'}";
  return rejects.addRead(
    node.id,
    `SELECT ${firstRow(file)} + record - 1 AS id, ${unreadable(layout, 'whole')}, 'the record ' || problem AS reason, raw FROM read_ndjson(${literal(bad)}, ${fields})`,
  );
}

/** SQL of records that a scanner has found good, one on a line, each behind its number `__record`. */
export function goodRecords(path: string, columns: readonly string[], dialect: readonly string[]): string {
  const options = [...limits(), ...dialect, "new_line = '\\n'", 'header = false'];
  return readText(path, ['__record', ...columns], options);
}

/**
 * SQL of the columns that are the same for all records that cannot be read, and say how they could be read again.
 * @param whole SQL, true where the raw text is all of the record
 */
export function unreadable({ form, columns }: Pick<TextLayout, 'form' | 'columns'>, whole = 'true'): string {
  const names = form === 'text' ? literal(JSON.stringify(columns)) : 'NULL::VARCHAR';
  return `'record is readable' AS rule, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, CASE WHEN ${whole} THEN ${literal(form)} END AS form, ${names} AS names`;
}
