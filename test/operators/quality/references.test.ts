import { expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, type Dataset, derive, filter, from, lake, references, s3, select } from '../../../lib/index.ts';
import { assessedRun, enginePorts, ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';
import { manual } from '../../fixtures/run-machine.ts';

const record = z.object({ city: z.string().nullable(), parent: z.string().nullable() });
const rows = [
  { city: 'Rome', parent: null },
  { city: 'Oslo', parent: 'Rome' },
  { city: 'Kiel', parent: 'Bonn' },
];

test('holds a table against itself', async () => {
  const score = await ruleScore(references('parent', { table: 'rows', column: 'city' }), rows, record);
  expect(score).toMatchObject({ dimension: 'consistency', total: 3, passed: 2 });
});

test('holds a table against another output of the run', async () => {
  const rule = references('city', { table: 'big', column: 'city' }, { table: 'rows', atLeast: 1 });
  const score = await ruleScore(rule, rows, record, {
    outputs: (all) => [all.pipe(filter("city <> 'Kiel'")).to(lake({ table: 'big' }))],
  });
  expect(score).toMatchObject({ passed: 2, table: 'rows' });
});

test('counts what was published before as long as it stays', async () => {
  const ports = enginePorts();
  const quality = [references('parent', { table: 'rows', column: 'city' })];
  const first = await assessedRun({ record, rows: [{ city: 'Bonn', parent: null }], quality, ports });
  await first.complete();
  const second = await assessedRun({ record, rows, quality, ports, startedAt: '2026-01-02T00:00:00.000Z' });
  expect(second.report.rules[0]).toMatchObject({ total: 3, passed: 3 });
});

test('counts only the rows of the run where they replace those before', async () => {
  const ports = enginePorts();
  const quality = [references('parent', { table: 'names', column: 'city' }, { table: 'rows' })];
  const outputs = (all: any) => [
    all.pipe(aggregate({ by: ['city'], measures: { n: 'count(*)' } })).to(lake({ table: 'names', mode: 'replace' })),
  ];
  const first = await assessedRun({ record, rows: [{ city: 'Bonn', parent: null }], quality, outputs, ports });
  await first.complete();
  const startedAt = '2026-01-02T00:00:00.000Z';
  const second = await assessedRun({ record, rows, quality, outputs, ports, startedAt });
  expect(second.report.rules[0]).toMatchObject({ total: 3, passed: 2 });
});

test('takes a dataset and pairs of columns', async () => {
  const pairs = from(s3({ key: 'reference/pairs.csv', format: 'csv' }), z.object({ a: z.string(), b: z.string() }));
  const rule = references(['city', 'parent'], { with: pairs, columns: ['a', 'b'] });
  const objects = { 'reference/pairs.csv': 'a,b\nOslo,Rome\nKiel,Rome\n' };
  expect(await ruleScore(rule, rows, record, { objects })).toMatchObject({ total: 3, passed: 2 });
});

test('is broken, and says why, where the table was never published', async () => {
  const rule = references('city', { table: 'nowhere', column: 'city' }, { atLeast: 0.5 });
  const { report } = await assessedRun({ record, rows, quality: [rule] });
  expect(report.rules[0]).toMatchObject({ passed: 0, broken: true, observed: 'the table "nowhere" has no rows yet' });
  expect(report.samples!['1-references']).toHaveLength(3);
});

test.each([
  ['count', 'city', '"city" is VARCHAR and "count" of the table "towns" is BIGINT'],
  ['town', 'city', 'the table "towns" has no column "town"'],
  ['city', 'city', undefined],
])(
  'says so where the column %s of a table that another pipeline writes does not fit',
  async (column, own, observed) => {
    const ports = enginePorts();
    const outputs = (dataset: Dataset) => [
      dataset.pipe(aggregate({ by: ['city'], measures: { count: 'count(*)' } })).to(lake({ table: 'towns' })),
    ];
    const before = await assessedRun({ record, rows, quality: [], outputs, ports, trigger: manual('before') });
    await before.complete();
    const { report } = await assessedRun({
      record,
      rows,
      quality: [references(own, { table: 'towns', column }, { atLeast: 1 })],
      ports,
    });
    expect(report.rules[0]).toMatchObject({ total: 3, passed: observed ? 0 : 3, broken: observed !== undefined });
    expect(report.rules[0]!.observed).toBe(observed);
  },
);

test.each([
  [
    "TIME '09:00'",
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID",
    '"key" is TIME and "key" of the table "keys" is UUID',
  ],
  ['[1]', "['x']", '"key" is INTEGER[] and "key" of the table "keys" is VARCHAR[]'],
  ["{'a': 1}", "'x'::BLOB", '"key" is STRUCT(a INTEGER) and "key" of the table "keys" is BLOB'],
  ["[{'a': 1}]", "[{'a': 1::BIGINT}]", undefined],
])('says so where %s is to be found among %s of another pipeline', async (own, other, observed) => {
  const ports = enginePorts();
  const made = (key: string, table: string) => (dataset: Dataset) => [
    dataset.pipe(derive({ key }), select('key')).to(lake({ table })),
  ];
  const trigger = manual('before');
  const before = await assessedRun({ record, rows, quality: [], outputs: made(other, 'keys'), ports, trigger });
  await before.complete();
  const quality = [references('key', { table: 'keys', column: 'key' }, { atLeast: 1 })];
  const { report } = await assessedRun({ record, rows, quality, outputs: made(own, 'own'), ports });
  expect(report.rules[0]).toMatchObject({ total: 3, passed: observed ? 0 : 3 });
  expect(report.rules[0]!.observed).toBe(observed);
});

test('refuses columns that do not pair up', async () => {
  const rule = () => references(['city', 'parent'], { table: 'rows', column: 'city' });
  expect(await ruleProblems(rule, record)).toMatchObject([{ part: 'quality / references / among' }]);
});

test('refuses a column that another output does not have', async () => {
  expect(await ruleProblems(() => references('city', { table: 'rows', column: 'town' }), record)).toMatchObject([
    { problem: 'there is no column "town" here' },
  ]);
});

test.each(['rows', 7, null, undefined])('refuses %s in the place of the other side', async (other) => {
  const problems = await ruleProblems(() => references('city', other as never), record);
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems)
    expect(problem).toMatchObject({ allowed: expect.anything(), change: expect.any(String) });
});
