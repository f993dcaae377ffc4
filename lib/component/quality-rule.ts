import type * as z from 'zod';
import type { Column, QualityRulePlan } from './plan.ts';
import { type Locate, userLocation } from './user-location.ts';

/** Options that every quality rule takes. */
export interface RuleOptions {
  /** Share of rows (0 to 1) below which the rule is broken. Default 0: the rule counts in the score, and breaks nothing. */
  readonly atLeast?: number;
  /** What a broken rule does to the gate at least. Default `review`. */
  readonly onBreak?: 'review' | 'fail';
  /** Table whose rows are measured. Default: the first output that has the columns. */
  readonly table?: string;
}

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
}

/** How a rule is counted. */
export type Measure =
  /** `passed` is an aggregate over all rows, e.g. `count(origin)`; it adds up over chunks. */
  | { readonly form: 'count'; readonly passed: string }
  /** Rows that are the only one of their key, or the first. Needs all rows of a key at once. */
  | { readonly form: 'distinct'; readonly key: readonly string[] };

export interface RuleReference {
  readonly kind: 'rule-reference';
  readonly rule: QualityRule;
  readonly options: Readonly<Record<string, unknown>>;
  readonly common: RuleOptions;
  readonly at?: string;
  /** Finds parts of the options, the common ones included. */
  readonly locate?: Locate;
}

export type QualityRuleFunction<Arguments extends unknown[], Options> = QualityRule<Options> &
  ((...args: Arguments) => RuleReference);

export interface QualityRuleDeclaration<Arguments extends unknown[], Options>
  extends Omit<QualityRule<Options>, 'kind'> {
  author(...args: Arguments): { readonly options: object; readonly common?: RuleOptions };
}

/** Declares a quality rule. */
export function defineQualityRule<Arguments extends unknown[], Options>(
  declaration: QualityRuleDeclaration<Arguments, Options>,
): QualityRuleFunction<Arguments, Options> {
  const { author, ...rule } = declaration;
  const make = (...args: Arguments): RuleReference => {
    const { options, common } = author(...args);
    return Object.freeze({
      kind: 'rule-reference' as const,
      rule: make as unknown as QualityRule,
      options: options as Record<string, unknown>,
      common: common ?? {},
      at: userLocation(),
    });
  };
  return Object.assign(make, { kind: 'rule' as const, ...rule });
}
