import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { literal, quoted } from '../../component/shape.ts';
import { SchemaMismatchError } from '../errors.ts';
import type { FileName } from '../rejects.ts';
import { rowBits, rowColumn } from '../relation.ts';
import { type ReadRequest, reading, type TextScan } from '../source-files.ts';
import { csvDialect, numberedScan } from './csv.ts';
import { asInFile, fitColumns } from './fit-columns.ts';
import { scanRecords } from './json-lines.ts';
import { recordProblem } from './record-problem.ts';
import { goodRecords, unreadable } from './text.ts';

/**
 * Reads rejects of an earlier run from their raw records, each form in its way. Rows keep the file and the place that
 * they have had from the start. Throws `SchemaMismatchError` where the records lack a column of the contract.
 */
export async function* readRejected(request: ReadRequest): AsyncGenerator<TextScan> {
  const { session, file, rejects, node } = request;
  const { evolution, aliases } = node.contract;
  const all = session.newName('rejected');
  const range = file.rows ? ` WHERE file_row_number >= ${file.rows.from} AND file_row_number < ${file.rows.to}` : '';
  const names = await reading({ file, format: { kind: 'parquet' } }, async () => {
    await session.run(
      `CREATE TABLE ${all} AS SELECT raw AS line, form, names, (position::BIGINT << ${rowBits}) + "row" AS ${rowColumn} ` +
        `FROM read_parquet(${literal(file.path)}, file_row_number = true)${range}`,
    );
    return session.rows(`SELECT DISTINCT position, file, version FROM read_parquet(${literal(file.path)})`);
  });
  rejects.name(Object.fromEntries(names.map((one) => [Number(one.position), nameOf(one, node.id)])));
  const forms = await session.rows(`SELECT DISTINCT form, names FROM ${all} ORDER BY ALL`);
  for (const { form, names: columns } of forms) {
    const lines = session.newName('raw');
    const same = `form = ${literal(form)} AND names IS NOT DISTINCT FROM ${columns === null ? 'NULL' : literal(columns)}`;
    await session.run(`CREATE VIEW ${lines} AS SELECT line, ${rowColumn} FROM ${all} WHERE ${same}`);
    // What the contract says of missing columns holds here as well.
    if (form === 'values' && !evolution && !aliases) await requireValues(request, lines);
    yield form === 'text'
      ? await scanTexts(request, lines, JSON.parse(columns))
      : await scanRecords(request, lines, form);
  }
}

function nameOf({ file: key, version }: Record<string, any>, source: string): FileName {
  return { source, key, ...(version !== null && { version }) };
}

/** A record that was kept without a column says nothing of it: to read it as NULL would be to make it up. */
async function requireValues({ session, node, file }: ReadRequest, lines: string): Promise<void> {
  const fields = node.contract.fields.map((field) => field.name);
  const keys = `CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' THEN json_keys(line) END`;
  const [lacking] = await session.rows(
    `SELECT name FROM (SELECT unnest([${fields.map(literal).join(', ')}]) AS name), (SELECT DISTINCT ${keys} AS keys FROM ${lines}) WHERE NOT list_contains(keys, name) LIMIT 1`,
  );
  if (!lacking) return;
  throw new SchemaMismatchError({
    problem: `rejects of ${file.key} were kept without the column "${lacking.name}", which the contract of "${node.id}" promises now`,
    received: lacking.name,
    allowed: fields,
    change: 'export the rejects, add the column to their raw records, and replay the corrected file',
  });
}

/** Records that could not be parted into fields; a correction may have mended them. */
async function scanTexts(request: ReadRequest, lines: string, columns: readonly string[]): Promise<TextScan> {
  const { session, node, format, rejects, workFolder, file } = request;
  if (format.kind !== 'csv')
    throw new SchemaMismatchError({
      problem: `rejects of ${file.key} are CSV, and the source "${node.id}" reads ${format.kind} now`,
      received: 'records of CSV',
      allowed: format.kind,
      change: 'set the format of the source back, or correct the file itself and drop it again',
    });
  const fit = fitColumns(
    request,
    columns.map((name) => ({ name })),
  );
  const good: string[] = [];
  const bad: string[] = [];
  for (const { line, id } of await session.rows(
    `SELECT line, ${rowColumn}::VARCHAR AS id FROM ${lines} ORDER BY ${rowColumn}`,
  )) {
    const problem = recordProblem(Buffer.from(line), format, columns.length);
    if (problem === undefined) good.push(`${id}${format.delimiter}${line}`);
    else bad.push(JSON.stringify({ id, problem, raw: line }));
  }
  const [goods, bads] = [join(workFolder, session.newName('good')), join(workFolder, session.newName('bad'))];
  writeFileSync(goods, good.map((line) => `${line}\n`).join(''));
  writeFileSync(bads, bad.map((line) => `${line}\n`).join(''));
  const fields = "columns = {'id': 'BIGINT', 'problem': 'VARCHAR', 'raw': 'VARCHAR'}";
  const taken = await rejects.addRead(
    node.id,
    `SELECT id, ${unreadable({ form: 'text', columns })}, 'the record ' || problem AS reason, raw FROM read_ndjson(${literal(bads)}, ${fields})`,
  );
  const from = `(SELECT ${columns.map(quoted).join(', ')}, __record::BIGINT AS ${rowColumn} FROM ${goodRecords(goods, columns, csvDialect(format))})`;
  return { ...numberedScan({ ...request, node: asInFile(node, fit) }, columns, { from, taken }), fit };
}
