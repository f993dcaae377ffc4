import * as z from 'zod';
import { type ColumnKind, columnOfKind } from '../component/column-types.ts';
import type { CategoryProfile, Profile } from '../component/measure.ts';
import { defineQualityRule, type Judgement, type RuleOptions } from '../component/quality-rule.ts';
import { refusal } from '../component/refusal.ts';
import { quoted } from '../component/shape.ts';
import { type CategoryCounts, chiSquareProbability, quantileDistance, stabilityIndex } from '../core/distribution.ts';

const schema = z
  .strictObject({
    column: z.string().min(1).describe('column whose values are watched'),
    test: z
      .enum(['psi', 'chi-square', 'ks'])
      .optional()
      .describe('population stability index or chi-square for text, Kolmogorov-Smirnov for numbers and times'),
    atMost: z.number().min(0).optional().describe('largest index (default 0.2) or distance (default 0.1) that holds'),
    significance: z.number().gt(0).lt(1).optional().describe('of chi-square: smallest probability that holds (0.001)'),
  })
  .refine(
    ({ test, significance }) => significance === undefined || test === 'chi-square',
    refusal('goes with test: "chi-square"', {
      allowed: '`atMost` beside this test',
      change: 'give `atMost` instead, or set test to "chi-square"',
      path: ['significance'],
    }),
  )
  .refine(
    ({ test, atMost }) => atMost === undefined || test !== 'chi-square',
    refusal('goes with the tests "psi" and "ks"', {
      allowed: '`significance` beside this test',
      change: 'give `significance` instead, or set test to "psi" or "ks"',
      path: ['atMost'],
    }),
  );

type Options = z.output<typeof schema>;

const counted: readonly ColumnKind[] = ['text', 'boolean'];
const measured: readonly ColumnKind[] = ['number', 'time'];
const all = [...counted, ...measured];

/**
 * Holds where the values of a column are spread as in the last completed run that was profiled: the 100 most frequent
 * texts, or 101 quantiles of numbers and times. The profile of each run stands in its report. Without an earlier one, or
 * one of another kind, it holds.
 * @example drift('carrier')
 * @example drift('delay', { test: 'ks', atMost: 0.05 })
 */
export default defineQualityRule({
  component: 'drift',
  dimension: 'distribution',
  schema,
  author: (column: string, options: Omit<z.input<typeof schema>, 'column'> = {}, common?: RuleOptions) => ({
    options: { column, ...options },
    common,
  }),
  columns: ({ column }) => [column],
  measure({ column, test }, columns) {
    const allowed = test === undefined ? all : test === 'ks' ? measured : counted;
    const kind = columnOfKind(column, columns, ...allowed);
    const name = quoted(column);
    if (counted.includes(kind)) return { form: 'profile', column, value: `${name}::VARCHAR`, as: 'categories' };
    const value = kind === 'time' ? `epoch_ms(${name})::DOUBLE` : `${name}::DOUBLE`;
    return { form: 'profile', column, value, as: 'quantiles' };
  },
  history: () => ({ runs: 5, profile: true }),
  judge: (options, { profile }, { profile: before }) => judged(options, before, profile),
});

function judged(options: Options, before: Profile | undefined, now: Profile | undefined): Judgement {
  const { test, atMost, significance = 0.001 } = options;
  if (!now || now.rows === 0) return { holds: true, observed: 'no values', allowed: 'anything' };
  if (!before || before.rows === 0)
    return { holds: true, observed: 'the first profile', allowed: 'anything: no earlier run has a profile' };
  if (before.kind === 'quantiles' && now.kind === 'quantiles') {
    const distance = quantileDistance(before.quantiles, now.quantiles);
    return limited('distance', distance, atMost ?? 0.1);
  }
  if (before.kind !== 'categories' || now.kind !== 'categories')
    return { holds: true, observed: 'another type than before', allowed: 'anything' };
  const counts = together(before, now);
  if (test !== 'chi-square') return limited('index', stabilityIndex(counts), atMost ?? 0.2);
  const probability = chiSquareProbability(counts);
  return {
    holds: probability >= significance,
    observed: `probability ${shown(probability)}`,
    allowed: `at least ${significance}`,
  };
}

function limited(what: string, value: number, most: number): Judgement {
  // Of binary fractions, 0.8 less 0.7 is more than 0.1.
  return {
    holds: Number(value.toPrecision(12)) <= most,
    observed: `${what} ${shown(value)}`,
    allowed: `at most ${most}`,
  };
}

function shown(value: number): string {
  return value === 0 ? '0' : value.toPrecision(3);
}

/** Pairs categories. One that a profile may have counted among its others is counted there on both sides. */
function together(before: CategoryProfile, now: CategoryProfile): CategoryCounts {
  const [old, fresh] = [new Map(before.counts), new Map(now.counts)];
  const pairs: [number, number][] = [];
  const others: [number, number] = [before.others, now.others];
  for (const value of new Set([...old.keys(), ...fresh.keys()])) {
    const pair: [number, number] = [old.get(value) ?? 0, fresh.get(value) ?? 0];
    const hidden = (!old.has(value) && before.others > 0) || (!fresh.has(value) && now.others > 0);
    if (!hidden) pairs.push(pair);
    else for (const side of [0, 1] as const) others[side] += pair[side];
  }
  return [...pairs, others];
}
