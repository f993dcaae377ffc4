import { expect, test } from 'vitest';
import * as z from 'zod';
import { drift } from '../../../lib/index.ts';
import rule from '../../../lib/operators/drift.ts';
import { assessedRun, enginePorts, ruleProblems } from '../../fixtures/assessed-run.ts';

const record = z.object({
  carrier: z.string().nullable(),
  delay: z.int().nullable(),
  at: z.iso.datetime().nullable(),
  clock: z.iso.time().nullable(),
});
const nothing = { carrier: null, delay: null, at: null, clock: null };
type Values = Readonly<Record<string, unknown>>;
type Options = Parameters<typeof drift>[1];

/** What the rule says of the second of two runs. */
async function second(column: string, runs: readonly [readonly Values[], readonly Values[]], options?: Options) {
  const ports = enginePorts();
  for (const [day, values] of runs.entries()) {
    const startedAt = `2026-01-0${day + 1}T00:00:00.000Z`;
    const rows = values.map((value) => ({ ...nothing, ...value }));
    const run = await assessedRun({ record, rows, quality: [drift(column, options)], ports, startedAt });
    if (day === 1) return run.report.rules[0]!;
    await run.complete();
  }
  throw new TypeError('no runs');
}

const carriers = (shares: Readonly<Record<string, number>>) =>
  Object.entries(shares).flatMap(([carrier, count]) => Array.from({ length: count }, () => ({ carrier })));
const delays = (length: number, delay: (n: number) => number) =>
  Array.from({ length }, (_, n) => ({ delay: delay(n) }));

test('of texts: equal shares hold, whatever the number of rows', async () => {
  const same = await second('carrier', [carriers({ LX: 60, OS: 40 }), carriers({ LX: 6, OS: 4 })]);
  expect(same).toMatchObject({ dimension: 'distribution', share: 1, observed: 'index 0', allowed: 'at most 0.2' });
});

test('of texts: the index is the one of the textbook', async () => {
  // (0.5 − 0.9) ln(0.5 / 0.9) + (0.5 − 0.1) ln(0.5 / 0.1)
  const score = await second('carrier', [carriers({ LX: 90, OS: 10 }), carriers({ LX: 50, OS: 50 })]);
  expect(score).toMatchObject({ share: 0, broken: true, observed: 'index 0.879' });
});

test('of texts: a new category shows, and NULL is none', async () => {
  const after = [...carriers({ LX: 50, XX: 50 }), {}, {}];
  expect(await second('carrier', [carriers({ LX: 50 }), after])).toMatchObject({ share: 0 });
  expect(await second('carrier', [carriers({ LX: 50 }), [...carriers({ LX: 9 }), {}]])).toMatchObject({ share: 1 });
});

test('of texts: chi-square gives a probability', async () => {
  const options = { test: 'chi-square', significance: 0.01 } as const;
  const near = await second('carrier', [carriers({ LX: 50, OS: 50 }), carriers({ LX: 55, OS: 45 })], options);
  expect(near).toMatchObject({ share: 1, observed: 'probability 0.479', allowed: 'at least 0.01' });
  const far = await second('carrier', [carriers({ LX: 50, OS: 50 }), carriers({ LX: 90, OS: 10 })], options);
  expect(far).toMatchObject({ share: 0 });
});

test('of numbers: the distance of two samples of one distribution is small', async () => {
  const score = await second('delay', [delays(1000, (n) => n % 100), delays(500, (n) => (n * 7) % 100)]);
  expect(score).toMatchObject({ share: 1, allowed: 'at most 0.1' });
});

test('of numbers: a shift by half of the range is a distance of a half', async () => {
  const score = await second('delay', [delays(1000, (n) => n), delays(1000, (n) => n + 500)], { atMost: 0.4 });
  expect(score).toMatchObject({ share: 0, observed: expect.stringMatching(/^distance 0\.(49|50|51)/) });
});

test('of numbers: one value for many rows is no line', async () => {
  const mostlyZero = (zeros: number) => delays(1000, (n) => (n < zeros ? 0 : n));
  expect(await second('delay', [mostlyZero(500), mostlyZero(500)])).toMatchObject({ share: 1, observed: 'distance 0' });
  const score = await second('delay', [mostlyZero(500), mostlyZero(800)]);
  expect(score).toMatchObject({ share: 0, observed: expect.stringMatching(/^distance 0\.(29|30|31)/) });
});

test.each([
  [80, 70, 0.1],
  [57, 28, 0.29],
  [80, 69, 0.11],
])('of numbers holds for the very distance that is allowed: %i and %i of a hundred', (old, now, distance) => {
  const profile = (zeros: number) => {
    const quantiles = Array.from({ length: 101 }, (_, step) => (step <= zeros ? 0 : 1));
    return { kind: 'quantiles' as const, rows: 100, quantiles };
  };
  const judge = (atMost: number) =>
    rule.judge!(
      { column: 'delay', atMost },
      { total: 100, passed: 100, profile: profile(now) },
      { startedAt: 0, earlier: [], profile: profile(old) },
    );
  expect(judge(distance)).toMatchObject({ holds: true });
  expect(judge(distance - 0.001)).toMatchObject({ holds: false });
});

test('of times goes by their place in time', async () => {
  const times = (month: string) =>
    Array.from({ length: 20 }, (_, n) => ({ at: `2025-${month}-${String(n + 1).padStart(2, '0')}T00:00:00Z` }));
  expect(await second('at', [times('01'), times('01')])).toMatchObject({ share: 1 });
  expect(await second('at', [times('01'), times('03')])).toMatchObject({ share: 0, observed: 'distance 1.00' });
});

test('of more texts than a profile names counts the rest together', async () => {
  const many = (from: number) => Array.from({ length: 400 }, (_, n) => ({ carrier: `c${from + n}` }));
  expect(await second('carrier', [many(0), many(0)])).toMatchObject({ share: 1 });
});

test('without values, or after a run without values, holds', async () => {
  expect(await second('delay', [delays(3, (n) => n), [{}, {}]])).toMatchObject({ share: 1, observed: 'no values' });
  expect(await second('delay', [[{}], delays(3, (n) => n)])).toMatchObject({ share: 1, observed: 'the first profile' });
});

test.each<[string, string, object]>([
  ['a time of day', 'clock', {}],
  ['an index for numbers', 'delay', { test: 'psi' }],
  ['a distance for texts', 'carrier', { test: 'ks' }],
  ['a limit for chi-square', 'carrier', { test: 'chi-square', atMost: 1 }],
  ['a significance for an index', 'carrier', { significance: 0.1 }],
  ['an unknown test', 'carrier', { test: 'anova' }],
])('refuses %s', async (_, column, options) => {
  expect(await ruleProblems(() => drift(column, options as Options), record)).toHaveLength(1);
});
