import { join } from 'node:path';
import { literal, quoted } from '../../component/shape.ts';
import { rowBits, rowColumn } from '../relation.ts';
import type { ReadFile, ReadRequest } from '../source-files.ts';
import type { Scanner } from './scanner.ts';
import { sift } from './sift.ts';

/** How the text of a file is cut into records of text columns. */
export interface TextLayout {
  readonly columns: readonly string[];
  /** Options of DuckDB's CSV reader for this dialect. */
  readonly dialect: readonly string[];
  /** The dialect's separator of columns. */
  readonly separator: string;
  /** True where the first record names the columns. */
  readonly header: boolean;
  /** Finds the records of a file that DuckDB does not read to its end. */
  scanner(): Scanner;
}

/** DuckDB's buffers are 16 times the longest line where nothing is said. */
const limits = ['max_line_size = 16777216', 'buffer_size = 33554432', 'auto_detect = false'];

const rule = 'record is readable';

/**
 * Reads text into a table of VARCHAR columns. DuckDB reads a file in which every record is right, and refuses any
 * other one; such a file is sifted first, record by record, so that a bad one becomes a reject with its number and raw
 * text and costs no other.
 */
export async function readText(request: ReadRequest, layout: TextLayout): Promise<ReadFile> {
  const { session, file, name } = request;
  const types = Object.fromEntries(layout.columns.map((column) => [column, 'VARCHAR']));
  const list = layout.columns.map(quoted).join(', ');
  const base = `${file.file}::BIGINT << ${rowBits}`;
  const raw = session.newName('read');
  try {
    const from = readCsv(file.path, layout.columns, [...layout.dialect, `header = ${layout.header}`]);
    await session.run(`CREATE TABLE ${raw} AS SELECT ${list} FROM ${from}`);
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    return { types, ...(await readSifted(request, layout, list, base)) };
  }
  await session.run(`CREATE VIEW ${name} AS SELECT ${list}, (${base}) + rowid + 1 AS ${rowColumn} FROM ${raw}`);
  const [records] = await session.counts(`SELECT count(*) FROM ${raw}`);
  return { types, records: records!, rejected: 0, rules: {} };
}

async function readSifted(
  { session, node, file, rejects, name, workFolder, signal }: ReadRequest,
  { columns, dialect, separator, scanner }: TextLayout,
  list: string,
  base: string,
): Promise<Omit<ReadFile, 'types'>> {
  const stem = session.newName('sifted');
  const [good, bad] = [join(workFolder, `${stem}-good`), join(workFolder, `${stem}-bad.ndjson`)];
  await sift({ from: file.path, good, bad, separator, scanner: scanner(), signal });
  const from = readCsv(good, ['__record', ...columns], [...dialect, "new_line = '\\n'", 'header = false']);
  await session.run(
    `CREATE TABLE ${name} AS SELECT ${list}, (${base}) + __record::BIGINT AS ${rowColumn} FROM ${from}`,
  );
  const fields = "columns = {'record': 'BIGINT', 'problem': 'VARCHAR', 'raw': 'VARCHAR'}";
  const { rejected, rules } = await rejects.addRead(
    node.id,
    `SELECT ${literal(file.key)} AS file, record AS "row", ${literal(rule)} AS rule, NULL::VARCHAR AS "column", ` +
      `NULL::VARCHAR AS value, 'the record ' || problem AS reason, raw FROM read_ndjson(${literal(bad)}, ${fields})`,
  );
  const [records] = await session.counts(`SELECT count(*) FROM ${name}`);
  return { records: records! + rejected, rejected, rules };
}

function readCsv(path: string, columns: readonly string[], options: readonly string[]): string {
  const types = columns.map((column) => `${quoted(column)}: 'VARCHAR'`).join(', ');
  return `read_csv(${literal(path)}, columns = {${types}}, ${[...limits, ...options].join(', ')})`;
}
