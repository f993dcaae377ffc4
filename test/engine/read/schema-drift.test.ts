import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { query } from '../../fixtures/engine/duckdb.ts';
import type { Reading, ReadingOptions } from '../../fixtures/engine/read-file.ts';
import { recordReader } from '../../fixtures/engine/read-records.ts';
import { scratchFile } from '../../fixtures/engine/scratch.ts';

const schema = z.object({ id: z.int(), unit_price: z.int().nullable() });
const readContent = recordReader();
const readPath = (path: string, options: ReadingOptions) => readContent(readFileSync(path), options);
type Evolution = NonNullable<ReadingOptions['evolution']>;

/** The same rows in each format, with columns named and typed as the test wants. */
const formats: readonly ReadingOptions['format'][] = ['csv', 'ndjson', 'json', 'parquet'];

async function read(
  format: ReadingOptions['format'],
  rows: readonly Readonly<Record<string, number | string>>[],
  options: Partial<ReadingOptions>,
): Promise<Reading> {
  const whole = { format, schema, ...options };
  if (format === 'parquet') return readPath(await parquetOf(rows), whole);
  const names = Object.keys(rows[0]!);
  const text = {
    csv: [names, ...rows.map((row) => names.map((name) => row[name]))].map((one) => `${one.join(',')}\n`).join(''),
    ndjson: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    json: JSON.stringify(rows),
  }[format];
  return readContent(text, whole);
}

function parquetOf(rows: readonly Readonly<Record<string, number | string>>[]): Promise<string> {
  const select = rows.map(
    (row) =>
      `SELECT ${Object.entries(row)
        .map(([name, value]) => `${typeof value === 'number' ? `${value}::BIGINT` : `'${value}'`} AS "${name}"`)
        .join(', ')}`,
  );
  return duckdbFile(select.join(' UNION ALL '));
}

async function duckdbFile(select: string): Promise<string> {
  const path = scratchFile('input-0', '');
  await query(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  return path;
}

const values = ({ rows }: Reading) =>
  rows.map((row) => [Number(row.id), row.unit_price === null ? null : Number(row.unit_price)]);
const drift = (change: string, column: string, action: string, found?: string) => ({
  change,
  column,
  ...(found && { found }),
  action,
  files: ['landing/things/one'],
});

describe.each(formats)('in %s', (format) => {
  const plain = [
    { id: 1, unit_price: 10 },
    { id: 2, unit_price: 20 },
  ];
  const more = plain.map((row) => ({ ...row, colour: 'red' }));
  const fewer = plain.map(({ id }) => ({ id }));
  const other = plain.map(({ id, unit_price }) => ({ id, 'Unit Price': unit_price }));
  const alias = plain.map(({ id, unit_price }) => ({ id, cost: unit_price }));
  const words = plain.map(({ id }) => ({ id, unit_price: 'cheap' }));

  test('a file as promised has no drift', async () => {
    const reading = await read(format, plain, { evolution: {} });
    expect([values(reading), reading.drift]).toEqual([
      [
        [1, 10],
        [2, 20],
      ],
      undefined,
    ]);
  });

  test.each([
    [
      'an added column',
      more,
      'added',
      'colour',
      undefined,
      [
        [1, 10],
        [2, 20],
      ],
    ],
    [
      'a missing column',
      fewer,
      'missing',
      'unit_price',
      undefined,
      [
        [1, null],
        [2, null],
      ],
    ],
    [
      'a renamed column',
      other,
      'renamed',
      'unit_price',
      'Unit Price',
      [
        [1, 10],
        [2, 20],
      ],
    ],
  ] as const)(
    '%s evolves, quarantines the file, or stops the run',
    async (_, rows, change, column, found, expected) => {
      const evolved = await read(format, rows, { evolution: { [change]: 'evolve' } });
      expect(values(evolved)).toEqual(expected);
      expect(evolved.drift).toEqual([drift(change, column, 'evolve', found)]);

      const quarantined = await read(format, rows, { evolution: { [change]: 'quarantine' } as Evolution });
      expect(quarantined.rows).toEqual([]);
      expect(quarantined.rejects).toHaveLength(2);
      expect(quarantined.rejects[0]).toMatchObject({
        row: 1,
        rule: `schema: ${column} is ${change}`,
        reason: expect.stringContaining(`${column}: `),
      });
      expect(quarantined.drift).toEqual([drift(change, column, 'quarantine', found)]);

      await expect(read(format, rows, { evolution: { [change]: 'stop' } })).rejects.toMatchObject({
        name: 'SchemaMismatchError',
        problem: expect.stringContaining(`"${column}"`),
        change: expect.any(String),
      });
    },
  );

  test('a file with no column of the contract is read, and what it lacks said', async () => {
    const strange = [{ colour: 'red' }, { colour: 'blue' }];
    const optional = z.object({ unit_price: z.int().nullable(), size: z.int().nullable() });
    const reading = await read(format, strange, { schema: optional, evolution: { missing: 'evolve' } });
    expect(reading.rows).toMatchObject([
      { unit_price: null, size: null },
      { unit_price: null, size: null },
    ]);
    const set = await read(format, strange, { schema: optional, evolution: { missing: 'quarantine' } });
    expect([set.rows, set.rejects.length]).toEqual([[], 2]);
    expect(set.drift).toContainEqual(drift('missing', 'unit_price', 'quarantine'));
  });

  test('an alias stands for its column without more ado', async () => {
    const reading = await read(format, alias, { aliases: { unit_price: ['price', 'cost'] } });
    expect(values(reading)).toEqual([
      [1, 10],
      [2, 20],
    ]);
    expect(reading.drift).toBeUndefined();
    const asked = await read(format, alias, { aliases: { unit_price: ['price', 'cost'] }, evolution: {} });
    expect(asked.drift).toEqual([drift('renamed', 'unit_price', 'evolve', 'cost')]);
  });

  test('a name that is only near is not taken for the column', async () => {
    const near = plain.map(({ id, unit_price }) => ({ id, unit_prize: unit_price }));
    const reading = await read(format, near, { evolution: { missing: 'evolve', renamed: 'evolve' } });
    expect(values(reading)).toEqual([
      [1, null],
      [2, null],
    ]);
    expect(reading.drift!.map(({ change, column }) => [change, column])).toEqual([
      ['missing', 'unit_price'],
      ['added', 'unit_prize'],
    ]);
  });

  test('a retyped column is reported with what it is, and its values are rejected or stop the run', async () => {
    const reading = await read(format, words, { evolution: {} });
    expect(reading.rows).toEqual([]);
    expect(reading.rejects[0]!.reason).toContain('unit_price: "cheap" is not a BIGINT');
    expect(reading.drift).toMatchObject([{ change: 'retyped', column: 'unit_price' }]);
    await expect(read(format, words, { evolution: { retyped: 'stop' } })).rejects.toMatchObject({
      name: 'SchemaMismatchError',
      problem: expect.stringContaining('unit_price'),
    });
  });

  test('a column that is renamed keeps the record of its rejects as it was sent', async () => {
    const bad = [...other, { id: 3, 'Unit Price': 'x' }];
    const reading = await read(format === 'parquet' ? 'csv' : format, bad, { evolution: { renamed: 'evolve' } });
    expect(values(reading)).toHaveLength(2);
    expect(reading.rejects).toMatchObject([{ row: 3, reason: 'unit_price: "x" is not a BIGINT' }]);
    expect(reading.rejects[0]!.raw).toContain('Unit Price');
  });
});

test('a narrower type of the same kind in Parquet is no drift, another kind is, and what loses nothing is converted', async () => {
  const narrow = await duckdbFile('SELECT 1::INTEGER AS id, 2::SMALLINT AS unit_price');
  expect((await readPath(narrow, { format: 'parquet', schema, evolution: {} })).drift).toBeUndefined();
  const text = await duckdbFile("SELECT 1::BIGINT AS id, '2' AS unit_price");
  const reading = await readPath(text, { format: 'parquet', schema, evolution: {} });
  expect(values(reading)).toEqual([[1, 2]]);
  expect(reading.drift).toEqual([drift('retyped', 'unit_price', 'evolve', 'VARCHAR')]);
  const quarantined = await readPath(text, { format: 'parquet', schema, evolution: { retyped: 'quarantine' } });
  expect(quarantined.rejects).toMatchObject([{ reason: 'unit_price: is VARCHAR in the file, not BIGINT' }]);
});

test('a required column that evolves away costs each row, with the reason', async () => {
  const reading = await readContent('unit_price\n1\n', { format: 'csv', schema, evolution: { missing: 'evolve' } });
  expect(reading.rejects).toMatchObject([{ rule: 'id is present', reason: 'id: is missing' }]);
});

test('an empty file has no drift', async () => {
  for (const format of ['csv', 'ndjson', 'json'] as const) {
    const reading = await readContent(format === 'json' ? '[]' : '', {
      format,
      schema,
      evolution: { missing: 'stop' },
    });
    expect([reading.rowsIn, reading.drift]).toEqual([0, undefined]);
  }
});
