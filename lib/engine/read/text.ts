import { join } from 'node:path';
import { literal, quoted } from '../../component/shape.ts';
import { rowBits, rowColumn } from '../relation.ts';
import type { Session } from '../session.ts';
import type { ReadFile, ReadRequest, TextScan } from '../source-files.ts';
import { containsAny } from './contains-any.ts';
import { plainLines } from './plain-lines.ts';
import type { Scanner } from './scanner.ts';
import { sift } from './sift.ts';

/** How the text of a file is cut into records of text columns. */
export interface TextLayout {
  readonly columns: readonly string[];
  /** Options of DuckDB's CSV reader for this dialect. */
  readonly dialect: readonly string[];
  /** The dialect's separator of columns. */
  readonly separator: string;
  /** The dialect's quote; empty where it has none. */
  readonly quote: string;
  /** True where the first record names the columns. */
  readonly header: boolean;
  /** How the text of a record is read again: by its columns, or as the JSON that it is. */
  readonly form: 'text' | 'json';
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
  const list = layout.columns.map(quoted).join(', ');
  const raw = session.newName('read');
  try {
    const from = readCsv(file.path, layout.columns, [...layout.dialect, `header = ${layout.header}`]);
    await session.run(`CREATE TABLE ${raw} AS SELECT ${list} FROM ${from}`);
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    return readSifted(request, layout);
  }
  await session.run(`CREATE VIEW ${name} AS SELECT ${list}, ${firstRow(file)} + rowid AS ${rowColumn} FROM ${raw}`);
  const [records] = await session.counts(`SELECT count(*) FROM ${raw}`);
  return { types: textTypes(layout), records: records!, rejected: 0, rules: {} };
}

/**
 * Lets text be typed on its way in, without a table of texts, which costs three times as much as the typed one. Of a
 * file without quotes DuckDB also names the records that have too few or too many fields; where anything else is wrong,
 * `number` gives up and the file has to be sifted.
 */
export async function scanText(request: ReadRequest, layout: TextLayout): Promise<TextScan> {
  const { session, file } = request;
  const errors = session.newName('read_errors');
  const plain = await plainLines(file.path, layout.quote);
  const store = plain ? ['store_rejects = true', `rejects_table = '${errors}'`, `rejects_scan = '${errors}_scan'`] : [];
  return {
    types: textTypes(layout),
    from: readCsv(file.path, layout.columns, [...layout.dialect, `header = ${layout.header}`, ...store]),
    async number(table) {
      const bad = plain ? await wrongWidths(request, errors) : 0;
      if (bad === undefined) return undefined;
      if (bad === 0) return { row: `${firstRow(file)} + rowid`, rejected: 0, rules: {} };
      const taken = await takeWrongWidths(request, layout, errors);
      await numberAround(session, { table, errors, layout, first: firstRow(file) });
      return { row: rowColumn, ...taken };
    },
    sifted: () => readSifted(request, layout),
  };
}

/** The good records of a table get the numbers that the bad ones leave. */
async function numberAround(
  session: Session,
  { table, errors, layout, first }: { table: string; errors: string; layout: TextLayout; first: string },
): Promise<void> {
  const places = session.newName('places');
  // The n-th good record has before it all bad ones that are numbered below it.
  await session.run(
    `CREATE TABLE ${places} AS SELECT good_before, max(place) AS bad_so_far FROM (SELECT ${numberOf(layout)} - row_number() OVER (ORDER BY line) AS good_before, ` +
      `row_number() OVER (ORDER BY line) AS place FROM (SELECT DISTINCT line FROM ${errors})) GROUP BY good_before`,
  );
  await session.run(`ALTER TABLE ${table} ADD COLUMN ${rowColumn} BIGINT`);
  await session.run(
    `UPDATE ${table} SET ${rowColumn} = number FROM (SELECT n, ${first} + n + coalesce(bad_so_far, 0) AS number FROM (SELECT rowid AS n FROM ${table}) ` +
      `ASOF LEFT JOIN ${places} ON n >= good_before) numbers WHERE ${table}.rowid = numbers.n`,
  );
}

function textTypes({ columns }: TextLayout): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column, 'VARCHAR']));
}

/** SQL of the row id of a file's first record. */
function firstRow(file: ReadRequest['file']): string {
  return `(${file.file}::BIGINT << ${rowBits}) + 1`;
}

/** Records whose number of fields is wrong, where that is all that is wrong with the file, and DuckDB counts as we do. */
async function wrongWidths({ session, file }: ReadRequest, errors: string): Promise<number | undefined> {
  // DuckDB shows what is no text as a question mark, so any of them may hide one.
  const [others, lines] = await session.counts(
    `SELECT count(*) FILTER (error_type NOT IN ('MISSING COLUMNS', 'TOO MANY COLUMNS') OR contains(csv_line, '?')), count(DISTINCT line) FROM ${errors}`,
  );
  if (lines === 0) return 0;
  return others === 0 && !(await containsAny(file.path, ['\n\n', '\r'])) ? lines : undefined;
}

function takeWrongWidths({ node, file, rejects }: ReadRequest, layout: TextLayout, errors: string) {
  // One error for each column that is missing. Without quotes every separator parts two fields.
  const found = `length(raw) - length(replace(raw, ${literal(layout.separator)}, '')) + 1`;
  return rejects.addRead(
    node.id,
    `SELECT ${firstRow(file)} + ${numberOf(layout)} - 1 AS id, ${literal(rule)} AS rule, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, ${recordForm(layout)}, ` +
      `'the record has ' || found || CASE found WHEN 1 THEN ' field' ELSE ' fields' END || ', not ${layout.columns.length}' AS reason, raw ` +
      `FROM (SELECT *, ${found} AS found FROM (SELECT line, rtrim(any_value(csv_line), chr(10) || chr(13)) AS raw FROM ${errors} GROUP BY line))`,
  );
}

/**
 * SQL of the columns that say how a bad record can be read again.
 * @param whole SQL, true where the raw text is all of the record
 */
function recordForm({ form, columns }: TextLayout, whole = 'true'): string {
  const names = form === 'text' ? literal(JSON.stringify(columns)) : 'NULL::VARCHAR';
  return `CASE WHEN ${whole} THEN ${literal(form)} END AS form, ${names} AS names`;
}

/** DuckDB counts lines from 1, the header included. */
function numberOf({ header }: TextLayout): string {
  return header ? 'line - 1' : 'line';
}

async function readSifted(
  { session, node, file, rejects, name, workFolder, signal }: ReadRequest,
  layout: TextLayout,
): Promise<ReadFile> {
  const { columns, dialect, separator, scanner } = layout;
  const list = columns.map(quoted).join(', ');
  const stem = session.newName('sifted');
  const [good, bad] = [join(workFolder, `${stem}-good`), join(workFolder, `${stem}-bad.ndjson`)];
  await sift({ from: file.path, good, bad, separator, scanner: scanner(), signal });
  const from = readCsv(good, ['__record', ...columns], [...dialect, "new_line = '\\n'", 'header = false']);
  await session.run(
    `CREATE TABLE ${name} AS SELECT ${list}, ${firstRow(file)} + __record::BIGINT - 1 AS ${rowColumn} FROM ${from}`,
  );
  const fields = "columns = {'record': 'BIGINT', 'problem': 'VARCHAR', 'raw': 'VARCHAR', 'whole': 'BOOLEAN'}";
  const { rejected, rules } = await rejects.addRead(
    node.id,
    `SELECT ${firstRow(file)} + record - 1 AS id, ${literal(rule)} AS rule, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, ` +
      `${recordForm(layout, 'whole')}, 'the record ' || problem AS reason, raw FROM read_ndjson(${literal(bad)}, ${fields})`,
  );
  const [records] = await session.counts(`SELECT count(*) FROM ${name}`);
  return { types: textTypes(layout), records: records! + rejected, rejected, rules };
}

function readCsv(path: string, columns: readonly string[], options: readonly string[]): string {
  const types = columns.map((column) => `${quoted(column)}: 'VARCHAR'`).join(', ');
  return `read_csv(${literal(path)}, columns = {${types}}, ${[...limits, ...options].join(', ')})`;
}
