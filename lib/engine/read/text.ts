import { literal, quoted } from '../../component/shape.ts';
import { rowBits, rowColumn } from '../relation.ts';
import type { ReadFile, ReadRequest } from '../source-files.ts';

/** How the text of a file is cut into records: by DuckDB's CSV reader, or (an empty file) not at all. */
export type TextLayout =
  | { readonly empty: readonly string[] }
  | {
      readonly columns: readonly string[];
      readonly options: readonly string[] /** Line that the reader gives the first record. */;
      readonly firstRecordLine: number;
    };

/** One record may not be longer: a file without line ends must not fill the memory. */
const longestRecordBytes = 16 * 1024 * 1024;

/**
 * Reads text into a table of VARCHAR columns. A record that cannot be cut into its columns becomes a reject with its
 * raw text; the others keep the number of their record, bad ones counted.
 */
export async function readText(
  { session, node, file, rejects, name }: ReadRequest,
  layout: TextLayout,
): Promise<ReadFile> {
  if ('empty' in layout) {
    await session.run(
      `CREATE TABLE ${name} AS SELECT ${layout.empty.map((column) => `NULL::VARCHAR AS ${quoted(column)}`).join(', ')}, 0::BIGINT AS ${rowColumn} WHERE false`,
    );
    return {
      types: Object.fromEntries(layout.empty.map((column) => [column, 'VARCHAR'])),
      records: 0,
      rejected: 0,
      rules: {},
    };
  }
  const { columns, options, firstRecordLine } = layout;
  const errors = session.newName('read_errors');
  const all = [
    ...options,
    `max_line_size = ${longestRecordBytes}`,
    'store_rejects = true',
    `rejects_table = ${literal(errors)}`,
    `rejects_scan = ${literal(session.newName('read_scans'))}`,
  ];
  const list = columns.map(quoted).join(', ');
  const raw = session.newName('read');
  await session.run(`CREATE TABLE ${raw} AS SELECT ${list} FROM read_csv(${literal(file.path)}, ${all.join(', ')})`);
  // One record may have several errors; the first names it.
  const bad = `SELECT line - ${firstRecordLine} + 1 AS record, arg_min(error_type, column_idx) AS error_type, arg_min(error_message, column_idx) AS message, any_value(csv_line) AS csv_line FROM ${errors} GROUP BY line`;
  const [rejected] = await session.counts(`SELECT count(*) FROM (${bad})`);
  const base = `(${file.file}::BIGINT << ${rowBits})`;
  if (rejected === 0) {
    await session.run(`CREATE VIEW ${name} AS SELECT ${list}, ${base} + rowid + 1 AS ${rowColumn} FROM ${raw}`);
  } else {
    // Good records keep their number: the n-th good one comes after all bad ones that are numbered below it.
    const places = session.newName('places');
    await session.run(
      `CREATE TABLE ${places} AS SELECT record - row_number() OVER (ORDER BY record) AS good_before, row_number() OVER (ORDER BY record) AS bad_so_far FROM (${bad})`,
    );
    await session.run(
      `CREATE TABLE ${name} AS SELECT ${list}, ${base} + r.n + coalesce(p.bad_so_far, 0) + 1 AS ${rowColumn} FROM (SELECT *, rowid AS n FROM ${raw}) r ` +
        `ASOF LEFT JOIN (SELECT good_before, max(bad_so_far) AS bad_so_far FROM ${places} GROUP BY good_before) p ON r.n >= p.good_before`,
    );
  }
  const rules = await rejects.addRead(
    node.id,
    `SELECT ${literal(file.key)} AS file, record AS "row", 'record is readable' AS rule, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, ` +
      `lower(error_type) || ': ' || message AS reason, rtrim(csv_line, chr(10) || chr(13)) AS raw FROM (${bad})`,
  );
  const [good] = await session.counts(`SELECT count(*) FROM ${raw}`);
  return {
    types: Object.fromEntries(columns.map((column) => [column, 'VARCHAR'])),
    records: good! + rejected!,
    rejected: rejected!,
    rules,
  };
}
