import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Step } from '../../lib/component/operator.ts';
import { DefinitionInvalidError, type Problem } from '../../lib/definition/index.ts';
import * as penstock from '../../lib/index.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';

/** Users without types, or with YAML, can give anything. */
const p = penstock as any;
const row = z.object({ x: z.string() });

function ofStep(step: unknown): penstock.Definition {
  const schema = z.object({
    name: z.string(),
    amount: z.int(),
    ok: z.boolean(),
    day: z.iso.date(),
    tags: z.array(z.string()),
  });
  const main = penstock.from(penstock.s3({ prefix: 'landing/main/', format: 'ndjson' }), schema);
  return penstock.pipeline('wrong', { outputs: [main.pipe(step as Step).to(penstock.lake({ table: 'out' }))] });
}

/** What is said without compiling. */
function saidOf(make: () => unknown): readonly Problem[] {
  try {
    make();
  } catch (error) {
    if (error instanceof DefinitionInvalidError) return error.problems;
    throw error;
  }
  return [];
}

const empty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);

/** Each part says something, in our own words. */
function expectFourParts({ at, problem, received, allowed, change }: Problem): void {
  expect(at).toMatch(/wrong-options\.test\.ts:\d+:\d+$/);
  expect(problem).toMatch(/^[^A-Z\s]/);
  expect(problem).not.toMatch(/undefined|Invalid|expected|TRY_CAST|Error:/);
  expect(received).not.toBeUndefined();
  expect(empty(allowed), `allowed of "${problem}"`).toBe(false);
  expect(String(allowed)).toMatch(/\S/);
  expect(allowed).not.toBe('another value');
  expect(change).toMatch(/\S/);
}

describe('options of the wrong kind', () => {
  const steps: readonly (readonly [title: string, make: () => unknown, expected: Partial<Problem>])[] = [
    ['an empty text', () => p.filter(''), { problem: 'condition is too short', allowed: 'at least 1 character' }],
    ['an empty name', () => p.derive({ '': 'amount' }), { problem: 'a name in columns is empty' }],
    ['no column', () => p.derive({}), { problem: 'columns is empty, so that the step would do nothing' }],
    ['no rule', () => p.validate({}), { allowed: 'a rule, or several' }],
    ['a text for a list', () => p.aggregate({ by: 'name', measures: {} }), { change: 'write [name]' }],
    ['a text for options', () => p.deduplicate('name'), { allowed: ['key', 'keep', 'by'], change: 'write { key: … }' }],
    ['no element', () => p.deduplicate({ key: [] }), { problem: 'key has too few elements' }],
    [
      'an option inside of an alternative',
      () => p.sort({ order: [{ column: 'day', desc: true }] }),
      { allowed: ['column', 'descending'], change: 'did you mean "descending"?' },
    ],
    [
      'a kind that there is not',
      () => p.mask({ name: { method: 'hsh' } }),
      { allowed: ['hash', 'tokenise', 'redact', 'partial', 'generalise'], change: 'did you mean "hash"?' },
    ],
    [
      'an option of no kind',
      () => p.mask({ name: { method: 'partial', keep: 2 } }),
      { allowed: ['method', 'keepFirst', 'keepLast', 'with'] },
    ],
    ['no kind', () => p.parse({ name: {} }), { problem: 'columns.name.as is missing' }],
    [
      'a type that there is not',
      () => p.cast({ amount: 'INTEGR' }),
      { problem: 'columns.amount is not a type to convert to', change: 'did you mean "INTEGER"?' },
    ],
    ['a decimal that there is not', () => p.cast({ amount: 'DECIMAL(40,2)' }), { received: 'DECIMAL(40,2)' }],
    [
      'a format without a specifier',
      () => p.parse({ name: { as: 'date', format: 'dd.mm.yyyy' } }),
      { received: 'dd.mm.yyyy' },
    ],
    [
      'a number that is to be a date',
      () => p.parse({ name: { as: 'number', type: 'DATE' } }),
      { problem: 'columns.name.type is not a type of numbers' },
    ],
    [
      'options that do not go together',
      () => p.deduplicate({ key: ['name'], keep: 'latest' }),
      { received: 'nothing', change: 'give both, or leave both out' },
    ],
    [
      'options of which one is enough',
      () => p.sample({ share: 0.5, count: 3 }),
      { allowed: 'share or count, not both' },
    ],
    [
      'a pattern that is not linear',
      () => p.parse({ name: { as: 'pattern', pattern: '(?=a)(?<x>b)' } }),
      { part: 'main / parse / columns / name / pattern' },
    ],
    [
      'no second dataset',
      () => p.enrich({ on: 'name = id', take: ['size'] }),
      { problem: 'the second dataset is missing' },
    ],
    ['no further dataset', () => p.union({ with: [] }), { problem: 'the second dataset is missing' }],
    ['no function', () => p.map(row), { problem: 'the function is missing' }],
    ['a function for columns', () => p.map(() => ({ x: '' })), { received: 'function' }],
    ['types that are not of zod', () => p.map({ x: 'string' }, () => ({ x: '' })), { received: 'object' }],
    ['a text for columns', () => p.map(z.string(), () => ({ x: '' })), { received: 'z.string()' }],
    ['an async function', () => p.map(row, async () => ({ x: '' })), { received: 'AsyncFunction' }],
    ['what is no step', () => 'filter', { received: 'filter' }],
    ['nothing for a step', () => undefined, { received: 'nothing' }],
    ['an operator that is not called', () => p.sanitize, { change: 'call it: sanitize(…)' }],
    ['a rule for a step', () => p.complete('name'), { change: 'name it among `quality` of the pipeline' }],
  ];
  test.each(steps)('%s', (_, make, expected) => {
    const problems = saidOf(() => ofStep(make()));
    expect(problems[0]).toMatchObject(expected);
    problems.forEach(expectFourParts);
  });
});

describe('options that only the columns show to be wrong', () => {
  const steps: readonly (readonly [step: unknown, expected: Partial<Problem>])[] = [
    [p.filter('lowr(name) = name'), { received: 'lowr', change: 'did you mean "lower"?' }],
    [p.filter('name > 3'), { received: 'VARCHAR and INTEGER' }],
    [p.filter('name = "Bob"'), { change: "a text stands in single quotes: 'Bob'" }],
    [p.filter('amount > 1 && ok'), { change: 'write AND for &&' }],
    [p.filter('amount >'), { problem: '"amount >" is not an expression for this step: it ends too early' }],
    [p.filter(' '), { problem: '" " is not an expression for this step: it is empty' }],
    [p.filter("day > '2001-02-30'"), { received: "'2001-02-30'", allowed: 'a text that is a DATE' }],
    [p.filter("amount IN ('1', 'x')"), { received: "'x'" }],
    [p.filter("amount BETWEEN 1 AND 'y'"), { received: "'y'" }],
    [p.derive({ x: "'z'::INTEGER" }), { received: "'z'" }],
    [p.derive({ x: "amount + 'x'" }), { received: "'x'", allowed: 'a text that is a BIGINT' }],
    [
      p.derive({ x: "list_transform([amount], lambda one: CASE one WHEN 1 THEN 2.5 ELSE '2,5' END)" }),
      { received: "'2,5'" },
    ],
    [p.derive({ x: "coalesce(TRY('a'::INT), nullif(amount, 'c'))" }), { received: "'c'" }],
    [p.aggregate({ by: [], measures: { x: "sum(amount + 'n') FILTER (ok)" } }), { received: "'n'" }],
    [p.window({ by: [], order: ['day'], columns: { x: "sum(amount - 'm')" } }), { received: "'m'" }],
    [p.derive({ x: 'amount::INTEGR' }), { received: 'INTEGR', change: 'did you mean "INTEGER"?' }],
    [p.derive({ x: 'name.first' }), { received: 'name.first' }],
    [p.derive({ Amount: 'amount' }), { problem: 'there are two columns "Amount"', received: ['amount', 'Amount'] }],
    [p.aggregate({ by: [], measures: { x: 'sum(name)' } }), { received: 'sum(VARCHAR)' }],
    [p.aggregate({ by: [], measures: {} }), { problem: 'there is no column', received: 'nothing' }],
    [p.cast({ ok: 'DATE' }), { received: 'BOOLEAN' }],
    [p.cast({ tags: 'INTEGER' }), { received: 'VARCHAR[]' }],
    [p.cast({ amount: { type: 'DATE', format: '%Y' } }), { received: 'BIGINT' }],
    [
      p.parse({ name: { as: 'pattern', pattern: '(?<x>b' } }),
      { received: '(?<x>b', allowed: 'what DuckDB can read here' },
    ],
  ];
  test('are told of, each in four parts', async () => {
    const problems = await problemsOf(() => {
      const schema = z.object({
        name: z.string(),
        amount: z.int(),
        ok: z.boolean(),
        day: z.iso.date(),
        tags: z.array(z.string()),
      });
      const main = penstock.from(penstock.s3({ prefix: 'landing/main/', format: 'ndjson' }), schema);
      const outputs = steps.map(([step], index) =>
        main.pipe(step as Step).to(penstock.lake({ table: `out_${index}` })),
      );
      return penstock.pipeline('wrong', { outputs });
    });
    expect(problems).toMatchObject(steps.map(([, expected]) => expected));
    problems.forEach(expectFourParts);
  });
});
