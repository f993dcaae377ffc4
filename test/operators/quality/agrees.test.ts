import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, agrees, type Dataset, filter, from, lake, pipeline, s3, validate } from '../../../lib/index.ts';
import { assessedRun, enginePorts, ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';
import { codeOf, startReplays } from '../../fixtures/replayed.ts';
import { manual, runToEnd, runToGate, stageInput } from '../../fixtures/run-machine.ts';

const record = z.object({ city: z.string().nullable(), amount: z.int() });
const rows = [
  ['Rome', 10],
  ['Rome', 5],
  ['Oslo', 7],
  [null, 1],
].map(([city, amount]) => ({ city, amount }));
const totals = (condition: string) => (all: any) => [
  all
    .pipe(filter(condition), aggregate({ by: ['city'], measures: { amount: 'sum(amount)' } }))
    .to(lake({ table: 'totals' })),
];
const byCity = agrees('sum(amount)', { table: 'totals', other: 'sum(amount)', by: ['city'] }, { table: 'rows' });

test('finds every group on both sides, NULL among them', async () => {
  const score = await ruleScore(byCity, rows, record, { outputs: totals('true') });
  expect(score).toMatchObject({ dimension: 'consistency', total: 3, passed: 3 });
});

test('counts a group that is missing or has another value', async () => {
  const outputs = totals("city = 'Oslo' OR amount = 10");
  expect(await ruleScore(byCity, rows, record, { outputs })).toMatchObject({ total: 3, passed: 1 });
});

test('shows both values of groups that differ', async () => {
  const quality = [{ ...byCity, common: { table: 'rows', atLeast: 1 } }];
  const { report } = await assessedRun({ record, rows, quality, outputs: totals("city = 'Oslo' OR amount = 10") });
  const samples = report.samples!['1-agrees']!;
  expect(samples).toHaveLength(2);
  expect(samples).toContainEqual({ city: 'Rome', own: '15', other: '10' });
  expect(samples).toContainEqual({ city: null, own: '1', other: null });
});

test.each(['value', 'here', 'own', 'other', 'agree', 'Own'])('compares groups by a column called %s', async (name) => {
  const named = z.object({ [name]: z.string(), amount: z.int() });
  const ledger = from(s3({ key: 'reference/ledger.csv', format: 'csv' }), named);
  const objects = { 'reference/ledger.csv': `${name},amount\nRome,15\nOslo,8\n` };
  const rule = agrees('sum(amount)', { with: ledger, other: 'sum(amount)', by: [name] }, { atLeast: 1 });
  const groups = rows.slice(0, 3).map(({ city, amount }) => ({ [name]: city, amount }));
  expect(await ruleScore(rule, groups, named, { objects })).toMatchObject({ total: 2, passed: 1 });
  const { report } = await assessedRun({ record: named, rows: groups, quality: [rule], objects });
  const [own, other] = ['own', 'other'].map((one) => (name.toLowerCase() === one ? `${one}_value` : one));
  expect(report.samples!['1-agrees']).toEqual([{ [name]: 'Oslo', [own!]: '7', [other!]: '8' }]);
});

test.each([
  [0.05, 0],
  [0.1, 1],
])('takes values that differ by %s of the larger', async (within, passed) => {
  const ledger = from(s3({ key: 'reference/ledger.csv', format: 'csv' }), z.object({ booked: z.number() }));
  const objects = { 'reference/ledger.csv': 'booked\n20.5\n5\n' };
  const rule = agrees('sum(amount)', { with: ledger, other: 'sum(booked)', within });
  expect(await ruleScore(rule, rows, record, { objects })).toMatchObject({ total: 1, passed });
});

test.each([
  ['sum(amount)::UBIGINT', 'sum(booked)::UBIGINT', 1],
  ["max('Infinity'::DOUBLE)", "max('Infinity'::DOUBLE)", 1],
  ['max(NULL::INTEGER)', 'sum(booked)::INTEGER', 0],
])('takes %s and %s for near to each other as they are', async (own, other, passed) => {
  const ledger = from(s3({ key: 'reference/ledger.csv', format: 'csv' }), z.object({ booked: z.number() }));
  const objects = { 'reference/ledger.csv': 'booked\n20\n5\n' };
  const rule = agrees(own, { with: ledger, other, within: 0.1 });
  expect(await ruleScore(rule, rows, record, { objects })).toMatchObject({ total: 1, passed });
});

test.each([
  ['an expression that is no aggregate', { own: 'amount' }],
  ['an aggregate that does not stand', { own: 'sum(city)' }],
  ['a column that only one side has', { own: 'count(*)', by: ['amuont'] }],
  ['more than all as a tolerance', { own: 'count(*)', within: 2 }],
])('refuses %s', async (_, { own, ...options }) => {
  const rule = () => agrees(own, { table: 'rows', other: 'count(*)', ...options });
  expect(await ruleProblems(rule, record)).toHaveLength(1);
});

test.each(['sum(amount)', 7, null, undefined])('refuses %s in the place of the other side', async (other) => {
  const problems = await ruleProblems(() => agrees('sum(amount)', other as never), record);
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems)
    expect(problem).toMatchObject({ allowed: expect.anything(), change: expect.any(String) });
});

test.each([
  ['texts that are to be near', { own: 'max(city)', other: 'max(city)', within: 0.1 }, ['VARCHAR', 'VARCHAR']],
  ['a text and a number', { own: 'max(city)', other: 'count(*)' }, ['VARCHAR', 'BIGINT']],
  ['structures that are to be near', { own: 'max({a: amount})', other: 'count(*)', within: 0.1 }, expect.anything()],
])('refuses %s, which would agree in no group', async (_, { own, ...options }, received) => {
  const rule = () => agrees(own, { table: 'rows', ...options });
  expect(await ruleProblems(rule, record)).toMatchObject([{ received, allowed: expect.any(String) }]);
});

test('takes numbers of two types, and texts that are equal', async () => {
  const ledger = from(s3({ key: 'reference/ledger.csv', format: 'csv' }), z.object({ place: z.string() }));
  const objects = { 'reference/ledger.csv': 'place\nRome\nOslo\n' };
  const score = (own: string, other: string) =>
    ruleScore(agrees(own, { with: ledger, other }), rows.slice(0, 3), record, { objects });
  expect(await score('max(city)', 'max(place)')).toMatchObject({ total: 1, passed: 1 });
  expect(await score('avg(1)', 'count(DISTINCT 1)')).toMatchObject({ total: 1, passed: 1 });
});

describe('a table that another pipeline writes', () => {
  const against = async (other: string, own = rows) => {
    const ports = enginePorts();
    const outputs = (dataset: Dataset) => [
      dataset
        .pipe(aggregate({ by: ['city'], measures: { booked: 'sum(amount)', name: 'max(city)' } }))
        .to(lake({ table: 'ledger' })),
    ];
    const before = await assessedRun({ record, rows, quality: [], outputs, ports, trigger: manual('before') });
    await before.complete();
    const quality = [agrees('sum(amount)', { table: 'ledger', other }, { atLeast: 1, table: 'large' })];
    const { report } = await assessedRun({
      record,
      rows: own,
      quality,
      outputs: (all) => [all.pipe(filter('amount > 0')).to(lake({ table: 'large' }))],
      ports,
    });
    return { ...report.rules[0]!, samples: report.samples!['1-agrees'] };
  };

  test('agrees with what it comes to, and not with no rows at all', async () => {
    expect(await against('sum(booked)')).toMatchObject({ total: 1, passed: 1, broken: false });
    const none = rows.map((row) => ({ ...row, amount: -Number(row.amount) }));
    const samples = [{ own: null, other: '23' }];
    expect(await against('sum(booked)', none)).toMatchObject({ total: 1, passed: 0, broken: true, samples });
  });

  test.each([
    ['sum(boked)', '"sum(boked)" cannot be computed over the other rows: Referenced column "boked" not found'],
    ['booked', '"booked" cannot be computed over the other rows: column "booked" must appear in the GROUP BY clause'],
    ['max(name)', '"sum(amount)" is HUGEINT and "max(name)" of the other rows is VARCHAR'],
    ['sum(name::INTEGER)', '"sum(amount)" or "sum(name::INTEGER)" of the other rows fails on a value: use a TRY_'],
  ])('does not agree, and the report says why, where %s does not stand', async (other, why) => {
    const observed = expect.stringContaining(why);
    expect(await against(other)).toMatchObject({ total: 1, passed: 0, broken: true, observed, samples: [] });
  });

  test.each(['(SELECT 24)', 'sum(booked) + random()'])('refuses %s of its rows', async (other) => {
    expect(await ruleProblems(() => agrees('sum(amount)', { table: 'ledger', other }), record)).toHaveLength(1);
  });
});

test('says nothing of a replay, which is a part of what was delivered', async () => {
  const ledger = from(s3({ key: 'reference/ledger.csv', format: 'csv' }), z.object({ booked: z.int() }));
  const codeFor = (most: number) => {
    const all = from(s3({ prefix: 'landing/rows/', format: 'ndjson' }), record);
    const kept = all.pipe(validate({ small: { column: 'amount', holds: `amount < ${most}` } }));
    const rule = agrees('sum(amount)', { with: ledger, other: 'sum(booked)' }, { atLeast: 1, onBreak: 'fail' });
    return codeOf(pipeline('rows', { quality: [rule], outputs: [kept.to(lake({ table: 'rows' }))] }));
  };
  const ports = enginePorts();
  ports.objects.drop('reference/ledger.csv', 'booked\n13\n');
  ports.objects.drop('landing/rows/0.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'));
  const code = await codeFor(10);
  const first = stageInput(code, manual());
  await runToEnd(ports, code, first);
  const later = await codeFor(100);
  const { inputs } = await startReplays(ports, later, first);
  const { assessed } = await runToGate(ports, later, inputs[0]!);
  expect(ports.objects.json(assessed.report)).toMatchObject({ gate: 'pass', rules: [{ total: 0, broken: false }] });
});
