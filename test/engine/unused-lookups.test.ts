import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { relationName } from '../../lib/engine/relation.ts';
import { Session } from '../../lib/engine/session.ts';
import { aggregate, enrich, filter } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';

const schema = z.object({ id: z.string().nullable(), n: z.int(), city: z.string() });
const rows = [
  { id: 'a', n: 1, city: 'here' },
  { id: 'x', n: 2, city: 'there' },
  { id: null, n: 3, city: 'here' },
  { id: 'a', n: 4, city: 'there' },
  { id: 'b', n: 5, city: 'here' },
];
const side = {
  schema: z.object({ code: z.string(), city: z.string(), size: z.int() }),
  rows: [
    { code: 'a', city: 'Aachen', size: 10 },
    { code: 'b', city: 'Berlin', size: 20 },
    { code: 'c', city: 'Celle', size: 30 },
  ],
};

const { run } = Session.prototype;
/** What made groups. */
let grouped: string[];

beforeEach(() => {
  grouped = [];
  Session.prototype.run = function (sql: string) {
    if (sql.startsWith('CREATE TABLE "groups')) grouped.push(sql);
    return run.call(this, sql);
  };
});
afterEach(() => {
  Session.prototype.run = run;
});

const looksUp = () => grouped.some((sql) => sql.includes(relationName('main.1-enrich')));
const byCity = (given: readonly Record<string, any>[]) => [...given].sort((a, b) => (a.city < b.city ? -1 : 1));

test('joins no side for groups that name none of its columns', async () => {
  const { rows: groups, count } = await apply(rows, { schema, side }, (other) => [
    enrich({ with: other, on: 'id = code', take: ['size'] }),
    aggregate({ by: ['city'], measures: { n: 'sum(n)', rows: 'count(*)' } }),
  ]);
  expect(byCity(groups)).toEqual([
    { city: 'here', n: 9, rows: 3 },
    { city: 'there', n: 6, rows: 2 },
  ]);
  expect(count).toMatchObject({ rowsIn: 5, merged: 3, rowsOut: 2 });
  expect(grouped.length).toBeGreaterThan(0);
  expect(looksUp()).toBe(false);
});

test('joins it for a measure, and for a condition of one, that names such a column', async () => {
  for (const measure of ['sum(size)', 'count(*) FILTER (size > 10)']) {
    grouped = [];
    const { rows: groups } = await apply(rows, { schema, side }, (other) => [
      enrich({ with: other, on: 'id = code', take: ['size'] }),
      aggregate({ by: ['city'], measures: { found: measure } }),
    ]);
    expect(byCity(groups).map(({ found }) => found)).toEqual(measure === 'sum(size)' ? [30, 10] : [1, 0]);
    expect(looksUp()).toBe(true);
  }
});

test('takes a column that the side replaced from the side', async () => {
  const { rows: groups } = await apply(rows, { schema, side }, (other) => [
    enrich({ with: other, on: 'id = code', take: ['city'] }),
    aggregate({ by: ['city'], measures: { n: 'sum(n)' } }),
  ]);
  expect(Object.fromEntries(groups.map(({ city, n }) => [city, n]))).toEqual({ Aachen: 5, Berlin: 5, null: 5 });
});

test('leaves out rows that the side, or a step behind it, took away', async () => {
  const lookups = [
    { unmatched: 'drop', behind: [] },
    { unmatched: 'reject', behind: [] },
    { unmatched: 'null', behind: [filter('size IS NOT NULL')] },
  ] as const;
  for (const { unmatched, behind } of lookups) {
    const { rows: groups } = await apply(rows, { schema, side }, (other) => [
      enrich({ with: other, on: 'id = code', take: ['size'], unmatched }),
      ...behind,
      aggregate({ by: ['city'], measures: { n: 'sum(n)' } }),
    ]);
    expect(byCity(groups)).toEqual([
      { city: 'here', n: 6 },
      { city: 'there', n: 4 },
    ]);
  }
});
