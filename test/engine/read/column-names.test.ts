import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { numberedRows } from '../../../lib/engine/numbered-rows.ts';
import { Session } from '../../../lib/engine/session.ts';
import { from, lake, pipeline, s3 } from '../../../lib/index.ts';
import { expectBalance } from '../../fixtures/engine/balance.ts';
import { query, rowsOf } from '../../fixtures/engine/duckdb.ts';
import { compiled, rejectFiles, run, tableFiles } from '../../fixtures/engine/in-process-run.ts';
import { scratch, scratchFile } from '../../fixtures/engine/scratch.ts';

/** What DuckDB and the engine call things of their own, and what JavaScript and SQL do. */
const usable = [
  ...['rowid', 'file_row_number', 'filename', 'file_index', '_row_number', 'row', 'rows', 'line', 'raw', 'record'],
  ...['reason', 'column', 'value', 'position', 'verdict', 'node', 'key', 'file', 'rule', 'number', 'others', 'n', 't'],
  ...['select', 'from', 'struct', 'json', 'constructor', 'toString', 'hasOwnProperty', 'a b', 'a.b', '"', "it's", '*'],
];
/** A contract may not have these; a file may. */
const kept = [
  ...['__row', '__copy', '__record', '__raw_text', '__broken', '__bad', '__state', '__number', '__rowid', '__line'],
  ...['__given_0', '__other_0', '__spare_1', '__text_0', '__unnamed_0', '__file', '__place', '__proto__'],
];
const columns = ['id', ...usable, ...kept];
/** The second record is one that the contract rejects. */
const records = [1, 0, 3].map((id) => [id, ...[...usable, ...kept].map((_, index) => id * 1000 + index)]);

const asJson = (record: readonly number[]) =>
  `{${record.map((value, index) => `${JSON.stringify(columns[index])}:${value}`).join(',')}}`;
const quotedText = (text: string) => `"${text.replaceAll('"', '""')}"`;

const files = {
  csv: () => scratchFile('a', [columns.map(quotedText), ...records].map((cells) => `${cells.join(',')}\n`).join('')),
  ndjson: () => scratchFile('a', records.map((record) => `${asJson(record)}\n`).join('')),
  json: () => scratchFile('a', `[${records.map(asJson).join(',\n')}]`),
  parquet: async () => {
    const path = `${scratch()}/a`;
    const rows = records.map((record) => `(${record.map((value) => `${value}::BIGINT`).join(', ')})`).join(', ');
    await query(`COPY (FROM (VALUES ${rows}) t(${columns.map(quotedText).join(', ')})) TO '${path}' (FORMAT parquet)`);
    return path;
  },
} as const;

describe.each(['csv', 'ndjson', 'json', 'parquet'] as const)('columns of %s', (format) => {
  test.each([
    ['that the contract names', usable],
    ['that stand beside those of the contract', []],
  ])('%s are data, whatever they are called', async (_, named) => {
    const contract = z.object({ id: z.int().min(1), ...Object.fromEntries(named.map((name) => [name, z.int()])) });
    const main = from(s3({ prefix: 'landing/main/', format }), contract);
    const made = await compiled(pipeline('names', { outputs: [main.to(lake({ table: 'names' }))] }));
    const result = await run(made, { main: [{ path: await files[format](), key: 'landing/main/a' }] });
    expectBalance(result);
    const rows = (await rowsOf(tableFiles(result, 'names'))).map((line) => JSON.parse(line));
    expect(rows).toEqual(
      [records[0]!, records[2]!].map((record) => Object.fromEntries(['id', ...named].map((n, at) => [n, record[at]]))),
    );
    const [reject] = await query(`SELECT "row", raw FROM read_parquet('${rejectFiles(result)[0]}')`);
    expect(reject!.row).toBe('2');
    const raw = String(reject!.raw);
    // As text, as JavaScript has no own property "__proto__".
    for (const [index, name] of columns.entries())
      expect(raw).toMatch(new RegExp(`${RegExp.escape(JSON.stringify(name))}: ?"?${records[1]![index]}\\b`));
  });
});

test('rows of a Parquet file keep their numbers where a column has the name of those, however many threads read', async () => {
  const folder = scratch();
  const path = `${folder}/a.parquet`;
  await query(
    `COPY (SELECT range AS v, 7 AS FILE_ROW_NUMBER FROM range(60000)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
  const session = await Session.open({ folders: [folder], memoryMegabytes: 512, threads: 4, keepsOrder: false });
  try {
    const { from: rows, number } = await numberedRows(session, path);
    expect(
      await session.counts(
        `SELECT count(*), count(*) FILTER (v <> ${number}), sum(FILE_ROW_NUMBER) FROM ${rows} WHERE ${number} >= 59000`,
      ),
    ).toEqual([1000, 0, 7000]);
  } finally {
    session.close();
  }
});
