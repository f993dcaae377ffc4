import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { fieldsOf } from '../../../lib/component/contract-fields.ts';
import { query } from '../../fixtures/engine/duckdb.ts';
import { readContent, readPath } from '../../fixtures/engine/read-file.ts';
import { scratch } from '../../fixtures/engine/scratch.ts';

const order = z.object({
  id: z.int(),
  tags: z.array(z.string().max(3)).min(1).nullable(),
  lines: z.array(z.object({ sku: z.string(), 'net price': z.number().optional(), at: z.iso.date().nullable() })),
  place: z.object({ city: z.string(), point: z.array(z.bigint()) }).optional(),
});
const good = {
  id: 1,
  tags: ['a', 'b'],
  lines: [{ sku: 'x', 'net price': 1.5, at: '2026-02-28' }, { sku: 'y' }],
  place: { city: "O'Fallon", point: [1, 2] },
};
const line = (more: object) => JSON.stringify({ ...good, ...more });

describe('lists and structures', () => {
  test('of NDJSON and JSON arrive typed, down to their members', async () => {
    const rows = [
      {
        id: '1',
        tags: ['a', 'b'],
        lines: [
          { sku: 'x', 'net price': 1.5, at: '2026-02-28' },
          { sku: 'y', 'net price': null, at: null },
        ],
        place: { city: "O'Fallon", point: ['1', '2'] },
      },
    ];
    expect((await readContent(line({}), { format: 'ndjson', schema: order })).rows).toEqual(rows);
    expect((await readContent(`[${line({})}]`, { format: 'json', schema: order })).rows).toEqual(rows);
  });

  test('of many members do not hold their record once for each member', async () => {
    const names = Array.from({ length: 26 }, (_, at) => `member ${at}`);
    const wide = z.object({ id: z.int(), of: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) });
    const of = Object.fromEntries(names.map((name) => [name, `a value of ${name}`]));
    const rows = Array.from({ length: 1500 }, (_, id) => ({ id, of }));
    const { rows: read } = await readContent(JSON.stringify(rows), { format: 'json', schema: wide });
    expect(read.length).toBe(rows.length);
    expect(read[7]).toEqual({ id: '7', of });
  });

  test('are typed where they lie deep in one another', async () => {
    const leaf = { a: 1, b: 'x', c: null, d: 2.5 };
    let schema: z.ZodType = z.object({ a: z.int(), b: z.string(), c: z.string().nullable(), d: z.number() });
    let value: unknown = leaf;
    for (let depth = 0; depth < 6; depth++) {
      schema = z.object({ a: schema, b: z.int(), c: z.int(), d: z.int() });
      value = { a: value, b: depth, c: depth, d: depth };
    }
    const { rows } = await readContent(JSON.stringify({ deep: value }), {
      format: 'ndjson',
      schema: z.object({ deep: schema }),
    });
    expect(JSON.parse(JSON.stringify(rows[0]!.deep).replaceAll(/:"(\d+)"/g, ':$1'))).toEqual(value);
  });

  test('of CSV are JSON in a cell', async () => {
    const schema = z.object({ id: z.int(), tags: z.array(z.string()) });
    const { rows, rejects } = await readContent('id,tags\n1,"[""a"",""b,c""]"\n2,[]\n3,a\n', { format: 'csv', schema });
    expect(rows).toEqual([
      { id: '1', tags: ['a', 'b,c'] },
      { id: '2', tags: [] },
    ]);
    expect(rejects).toMatchObject([{ row: 3, rule: 'tags is VARCHAR[]', reason: 'tags: "a" is not a VARCHAR[]' }]);
  });

  test('may be held to items that are unique, and to a number of members', async () => {
    const schema = z.object({
      id: z.int(),
      codes: z
        .array(z.object({ a: z.int() }).nullable())
        .meta({ uniqueItems: true })
        .nullable(),
      contact: z
        .object({ mail: z.string().nullable(), phone: z.string().nullable() })
        .meta({ minProperties: 1, maxProperties: 1 }),
    });
    const lines = [
      '{"id":1,"codes":[{"a":1},{"a":2},null],"contact":{"mail":"m"}}',
      '{"id":2,"codes":[{"a":1},{"a":1}],"contact":{"mail":"m"}}',
      '{"id":3,"codes":[null,null],"contact":{"phone":"p"}}',
      '{"id":4,"codes":[],"contact":{}}',
      '{"id":5,"codes":null,"contact":{"mail":"m","phone":"p"}}',
    ];
    const { rows, rejects } = await readContent(lines.join('\n'), { format: 'ndjson', schema });
    expect(rows.map(({ id }) => id)).toEqual(['1']);
    expect(rejects.map(({ row, rule }) => `${row} ${rule}`)).toEqual([
      '2 codes holds nothing twice',
      '3 codes holds nothing twice',
      '4 contact members >= 1',
      '5 contact members <= 1',
    ]);
  });

  test.each([
    [z.array(z.string()).meta({ uniqueItems: 'yes' }), 'uniqueItems'],
    [z.object({ a: z.string() }).meta({ minProperties: 0.5 }), 'minProperties'],
  ])('say so where %# is nothing that they can be held to', (column, option) => {
    expect(() => fieldsOf(z.object({ column }))).toThrow(`.meta({ ${option} })`);
  });

  test('of Parquet are held to the same rules', async () => {
    const path = join(scratch(), 'input-0');
    await query(`COPY (SELECT unnest([['a'], ['long'], [NULL], []]) AS tags) TO '${path}' (FORMAT parquet)`);
    const schema = z.object({ tags: z.array(z.string().max(3)).min(1) });
    const { rows, rejects } = await readPath(path, { format: 'parquet', schema });
    expect(rows).toEqual([{ tags: ['a'] }]);
    expect(rejects.map(({ row, rule }) => `${row} ${rule}`)).toEqual([
      '2 tags[] length <= 3',
      '3 tags[] has no gap',
      '4 tags length >= 1',
    ]);
  });

  test('that name a member twice are rejects, wherever they lie', async () => {
    const twins = [
      line({}),
      line({}).replace('"city":', '"city":"Rome","city":'),
      line({}).replace('"sku":"y"', '"sku":"y","sku":"z"'),
      line({}).replace('"sku":"y"', '"new":1,"sku":"y","new":2'),
    ];
    const { rows, rejects } = await readContent(twins.join('\n'), { format: 'ndjson', schema: order });
    expect(rows).toHaveLength(1);
    expect(rejects.map(({ rule }) => rule.split(' ')[0])).toEqual(['place', 'lines', 'lines']);
  });

  test('keep integers beyond 2^53, and reject what a member cannot hold', async () => {
    const exact = line({ place: { city: 'x', point: [] } }).replace('"point":[]', '"point":[9007199254740993]');
    const { rows } = await readContent(exact, { format: 'ndjson', schema: order });
    expect(rows[0]!.place.point).toEqual(['9007199254740993']);
  });

  test.each([
    ['a list where a text is wanted', { tags: [['a']] }, 'tags is VARCHAR[]'],
    ['an object where a list is wanted', { lines: {} }, 'lines is STRUCT'],
    ['a text where an object is wanted', { place: 'x' }, 'place is STRUCT'],
    ['a member of another type', { place: { city: 'x', point: ['one'] } }, 'place is STRUCT'],
    ['a day that is none', { lines: [{ sku: 'x', at: '2026-02-30' }] }, 'lines is STRUCT'],
    ['a missing member', { place: { point: [] } }, 'place.city has no gap'],
    ['a missing member inside of a list', { lines: [{ sku: 'x' }, {}] }, 'lines[].sku has no gap'],
    ['an element that breaks a rule', { tags: ['a', 'long'] }, 'tags[] length <= 3'],
    ['an empty list where one is refused', { tags: [] }, 'tags length >= 1'],
    ['nothing where a list must be', { lines: null }, 'lines is present'],
  ])('%s rejects its row, and no other', async (_, more, rule) => {
    const { rows, rejects } = await readContent([line({}), line(more), line({ id: 3 })].join('\n'), {
      format: 'ndjson',
      schema: order,
    });
    expect(rows.map(({ id }) => id)).toEqual(['1', '3']);
    expect(rejects).toMatchObject([{ row: 2, rule: expect.stringContaining(rule), raw: line(more) }]);
  });
});
