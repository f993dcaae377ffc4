import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { QualityRule, RuleReference } from '../../../lib/component/quality-rule.ts';
import {
  agrees,
  checksum,
  complete,
  drift,
  formatted,
  fresh,
  from,
  holds,
  known,
  matches,
  oneOf,
  populated,
  references,
  s3,
  typed,
  unique,
  volume,
  within,
} from '../../../lib/index.ts';
import { operators } from '../../../lib/registry/operators.ts';
import { assessedRun, ruleProblems } from '../../fixtures/assessed-run.ts';

/** A reserved word, a quote, a blank and letters of other scripts: names are data. */
const text = 'select "größe" of 漢字';
const number = "it's a number";
const time = 'order';

const record = z.object({
  [text]: z.string().nullable(),
  [number]: z.int().nullable(),
  [time]: z.iso.date().nullable(),
});
const cities = () => from(s3({ key: 'reference/cities.ndjson', format: 'ndjson' }), z.object({ city: z.string() }));
const objects = { 'reference/cities.ndjson': '{"city":"Rome"}\n' };

interface Example {
  /** On the columns of `record`, good for `good` and bad for `bad`. */
  make(column?: string): RuleReference;
  readonly good: object;
  /** Absent: one row cannot break the rule. */
  readonly bad?: object;
  /** Column of another type, where not every type will do. */
  readonly unfit?: string;
  /** Whether rows whose columns are all NULL pass. */
  readonly nullPasses: boolean;
  /** False where the rule judges rows that are not there. */
  readonly emptyPasses?: boolean;
  /** Names no column of its own. */
  readonly columnless?: true;
}

const sql = (name: string) => `"${name.replaceAll('"', '""')}"`;

const examples: Readonly<Record<string, Example>> = {
  complete: { make: (column = text) => complete(column), good: { [text]: 'a' }, bad: {}, nullPasses: false },
  populated: { make: () => populated(), good: {}, nullPasses: true, emptyPasses: false, columnless: true },
  unique: { make: (column = text) => unique([column]), good: { [text]: 'a' }, nullPasses: false },
  within: {
    make: (column = number) => within(column, 1, 5),
    good: { [number]: 5 },
    bad: { [number]: 6 },
    unfit: text,
    nullPasses: true,
  },
  matches: {
    make: (column = text) => matches(column, /^a'/),
    good: { [text]: "a'b" },
    bad: { [text]: 'b' },
    unfit: number,
    nullPasses: true,
  },
  checksum: {
    make: (column = text) => checksum(column, 'luhn'),
    good: { [text]: '79927398713' },
    bad: { [text]: '79927398710' },
    unfit: time,
    nullPasses: true,
  },
  known: {
    make: (column = text) => known(column, cities(), 'city'),
    good: { [text]: 'Rome' },
    bad: { [text]: 'Roma' },
    unfit: number,
    nullPasses: true,
  },
  holds: {
    make: (column = number) => holds(`${sql(column)} < 5`),
    good: { [number]: 4 },
    bad: { [number]: 5 },
    unfit: text,
    nullPasses: true,
  },
  references: {
    make: (column = text) => references(column, { with: cities(), column: 'city' }),
    good: { [text]: 'Rome' },
    bad: { [text]: 'Oslo' },
    unfit: number,
    nullPasses: true,
  },
  agrees: {
    make: (column = text) => agrees('count(*)', { table: 'rows', other: 'count(*)', by: [column] }),
    good: { [text]: 'Rome' },
    nullPasses: true,
  },
  typed: {
    make: (column = text) => typed(column, 'DATE'),
    good: { [text]: '2024-02-29' },
    bad: { [text]: '2023-02-29' },
    nullPasses: true,
  },
  formatted: {
    make: (column = text) => formatted(column, 'ipv4'),
    good: { [text]: '10.0.0.1' },
    bad: { [text]: '10.0.0.256' },
    unfit: number,
    nullPasses: true,
  },
  'one-of': {
    make: (column = text) => oneOf(column, ["a'", 'b']),
    good: { [text]: "a'" },
    bad: { [text]: 'c' },
    unfit: number,
    nullPasses: true,
  },
  fresh: {
    make: (column = time) => fresh(column, '2 days'),
    good: { [time]: '2025-12-30' },
    bad: { [time]: '2025-12-29' },
    unfit: text,
    nullPasses: false,
  },
  volume: { make: () => volume(), good: {}, nullPasses: true, columnless: true },
  drift: { make: (column = text) => drift(column), good: { [text]: 'a' }, nullPasses: true },
};

const empty = { [text]: null, [number]: null, [time]: null };
const rules = Object.values(operators as Readonly<Record<string, { kind: string; component: string }>>)
  .filter(({ kind }) => kind === 'rule')
  .map((rule) => rule as QualityRule);

test('every rule has an example here', () => {
  expect(rules.map(({ component }) => component).sort()).toEqual(Object.keys(examples).sort());
});

/** One run that all rules judge, by rule: rows that are good or bad for one of them alone need runs of their own. */
async function judged(rows: readonly object[], files = 1) {
  const quality = Object.values(examples).map((example) => example.make());
  const { report } = await assessedRun({ record, rows, quality, objects, files });
  expect(report.rules.map(({ component }) => component)).toEqual(Object.keys(examples));
  return { report, rules: Object.fromEntries(report.rules.map((rule) => [rule.component, rule])) };
}

let nulls: Awaited<ReturnType<typeof judged>>;
let none: typeof nulls;
let noInput: typeof nulls;
beforeAll(async () => {
  nulls = await judged([empty, empty, empty]);
  // The file is not empty: its only record is rejected.
  none = await judged([{ ...empty, [number]: 'none' }]);
  noInput = await judged([], 0);
});

test('every rule finds the same in one chunk and in many', async () => {
  expect((await judged([empty, empty, empty], 3)).rules).toEqual(nulls.rules);
});

describe.each(Object.entries(examples))('%s', (component, example) => {
  const score = async (row: object) => {
    const rows = [{ ...empty, ...row }];
    return (await assessedRun({ record, rows, quality: [example.make()], objects })).report.rules[0]!;
  };

  test('takes one good row, whatever its columns are called', async () => {
    expect(await score(example.good)).toMatchObject({ component, total: 1, passed: 1, share: 1, broken: false });
  });

  test.runIf(example.bad)('finds one bad row', async () => {
    expect(await score(example.bad!)).toMatchObject({ total: 1, passed: 0, share: 0 });
  });

  test('says of rows without a value what its documentation says', () => {
    const { share, total } = nulls.rules[component]!;
    expect(share === 1).toBe(example.nullPasses);
    expect(total).toBeGreaterThan(0);
  });

  test('has an answer for a table without rows', () => {
    expect(none.report.totals.tables).toEqual({ rows: 0 });
    expect(none.rules[component]).toMatchObject({ share: example.emptyPasses === false ? 0 : 1 });
  });

  test('has nothing to say of a run without input', () => {
    expect(noInput.rules[component]).toMatchObject({ share: 1, broken: false });
    expect(noInput.report.gate).toBe('pass');
  });

  test.skipIf(example.columnless)('refuses a column that is not there, and names the nearest', async () => {
    const [problem, ...more] = await ruleProblems(() => example.make("it's a numbr"), record);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ part: expect.stringContaining(`quality / ${component}`) });
    expect(`${problem!.problem} ${problem!.change}`).toMatch(/numbr.*it's a number/s);
  });

  test.runIf(example.unfit)('refuses a column of a type that it can do nothing with', async () => {
    const problems = await ruleProblems(() => example.make(example.unfit), record);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.part).toContain(`quality / ${component}`);
  });

  test('refuses an option that it does not have', async () => {
    const problems = await ruleProblems(() => {
      const made = example.make();
      return { ...made, options: { ...made.options, tolerance: 1 } };
    }, record);
    expect(problems).toMatchObject([{ problem: expect.stringContaining('"tolerance"') }]);
  });

  test.each([
    ['a share above 1', { atLeast: 1.5 }],
    ['an unknown consequence', { onBreak: 'explode' }],
    ['a table that nobody writes', { table: 'rwos' }],
  ])('refuses %s', async (_, common) => {
    const problems = await ruleProblems(() => ({ ...example.make(), common: common as object }), record);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.part).toContain(`quality / ${component}`);
  });
});
