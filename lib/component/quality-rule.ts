import * as z from 'zod';
import type { Measure, Measured, Profile } from './measure.ts';
import type { Column, QualityRulePlan } from './plan.ts';
import { type Locate, userLocation } from './user-location.ts';

/** Options that every quality rule takes. */
export const ruleOptionsSchema = z.strictObject({
  // Rules that judge all rows at once (`fresh`, `volume`, `drift`, `populated`) hold or do not: there the default is 1.
  atLeast: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('share of rows below which the rule is broken; default 0: it counts in the score, and breaks nothing'),
  onBreak: z
    .enum(['warn', 'review', 'fail'])
    .default('review')
    .describe(
      'severity: what a broken rule does to the gate at least; warn: nothing, it is told and counts in the score',
    ),
  table: z
    .string()
    .optional()
    .describe('table whose rows are measured; default: the first output that has the columns'),
});

export type RuleOptions = Readonly<z.input<typeof ruleOptionsSchema>>;

/** One quality rule: a file of `lib/operators`. */
export interface QualityRule<Options = any> {
  readonly kind: 'rule';
  readonly component: string;
  readonly dimension: QualityRulePlan['dimension'];
  /** Of the rule's own options; the common ones are checked for all rules alike. */
  readonly schema: z.ZodType<Options>;
  /** Columns that it needs. */
  columns(options: Options): readonly string[];
  measure(options: Options, columns: readonly Column[]): Measure;
  /** May be given a second dataset, as `with`. */
  readonly takesSide?: true;
  /** Rows of elsewhere that it holds its own against. Absent: it needs none. */
  others?(options: Options): OtherRows;
  /** Earlier runs that it judges by. Absent: none. */
  history?(options: Options): History;
  /** Decides about all rows at once. Absent: each row counts for itself. */
  judge?(options: Options, measured: Measured, circumstances: Circumstances): Judgement;
}

export interface OtherRows {
  /** Published table, or another output of the pipeline. Absent: the dataset that the rule was given. */
  readonly table?: string;
  /** Columns of them that are read. */
  readonly columns: readonly string[];
}

export interface History {
  /** Completed runs that are looked at, 100 at most. */
  readonly runs: number;
  /** True where the profile that one of them found is needed. */
  readonly profile: boolean;
}

/** What a rule may know besides the rows. No clock: a repeated assessment must come to the same end. */
export interface Circumstances {
  /** Of the schedule that started the run, else start of its execution; milliseconds since the epoch. */
  readonly startedAt: number;
  /** Earlier completed runs that had input, newest first. */
  readonly earlier: readonly EarlierRun[];
  /** The same column as the last of them that was profiled found it. */
  readonly profile?: Profile;
}

export interface EarlierRun {
  readonly run: string;
  /** Rows that it published in the rule's table. */
  readonly rows: number;
}

export interface Judgement {
  readonly holds: boolean;
  /** What was found and what was asked for, for people, e.g. `5 days old` and `at most 2 days old`. */
  readonly observed: string;
  readonly allowed: string;
}

export interface RuleReference {
  readonly kind: 'rule-reference';
  readonly rule: QualityRule;
  readonly options: Readonly<Record<string, unknown>>;
  readonly common: RuleOptions;
  /** Dataset that the rule holds its rows against. */
  readonly side?: unknown;
  readonly at?: string;
  /** Finds parts of the options, the common ones included. */
  readonly locate?: Locate;
}

export type QualityRuleFunction<Arguments extends unknown[], Options> = QualityRule<Options> &
  ((...args: Arguments) => RuleReference);

export interface QualityRuleDeclaration<Arguments extends unknown[], Options>
  extends Omit<QualityRule<Options>, 'kind'> {
  author(...args: Arguments): { readonly options: object; readonly common?: RuleOptions; readonly side?: unknown };
}

/** Declares a quality rule. */
export function defineQualityRule<Arguments extends unknown[], Options>(
  declaration: QualityRuleDeclaration<Arguments, Options>,
): QualityRuleFunction<Arguments, Options> {
  const { author, ...rule } = declaration;
  const make = (...args: Arguments): RuleReference => {
    const { options, common, side } = author(...args);
    return Object.freeze({
      kind: 'rule-reference' as const,
      rule: make as unknown as QualityRule,
      options: options as Record<string, unknown>,
      common: common ?? {},
      ...(side !== undefined && { side }),
      at: userLocation(),
    });
  };
  return Object.assign(make, { kind: 'rule' as const, ...rule });
}
