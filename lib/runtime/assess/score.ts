import type { Gate, Plan, QualityRulePlan } from '../../component/plan.ts';
import type { QualityMeasure } from '../../engine/chunk.ts';

export interface RuleScore {
  readonly rule: string;
  readonly dimension: QualityRulePlan['dimension'];
  readonly output: string;
  readonly total: number;
  readonly passed: number;
  /** Passed of total, 0 to 1; 1 where there was nothing to measure. */
  readonly share: number;
  readonly atLeast: number;
  readonly broken: boolean;
}

export interface QualityScore {
  readonly gate: 'pass' | 'review' | 'fail';
  /** Mean of the dimensions' scores, 0 to 1; 1 where the plan has no rules. */
  readonly score: number;
  /** Mean of the shares of the rules of each dimension. */
  readonly dimensions: Readonly<Record<string, number>>;
  readonly rules: readonly RuleScore[];
}

type Verdict = QualityScore['gate'];
const severity: readonly Verdict[] = ['pass', 'review', 'fail'];

/** Turns counts into a decision. `measures` has exactly one for each rule of the plan. */
export function scoreQuality(
  plan: Pick<Plan, 'quality' | 'gate'>,
  measures: ReadonlyMap<string, QualityMeasure>,
): QualityScore {
  const rules = plan.quality.map((rule) => ruleScore(rule, measures.get(rule.id)!));
  const dimensions: Record<string, number> = {};
  for (const dimension of new Set(rules.map((rule) => rule.dimension))) {
    dimensions[dimension] = mean(rules.filter((rule) => rule.dimension === dimension).map((rule) => rule.share));
  }
  const score = mean(Object.values(dimensions));
  const verdicts = plan.quality.filter((_, index) => rules[index]!.broken).map((rule) => rule.onBreak);
  return { gate: worst([verdictOf(plan.gate, score), ...verdicts]), score, dimensions, rules };
}

function ruleScore(rule: QualityRulePlan, { total, passed }: QualityMeasure): RuleScore {
  const share = total === 0 ? 1 : passed / total;
  const { id, dimension, output, atLeast } = rule;
  return { rule: id, dimension, output, total, passed, share, atLeast, broken: share < atLeast };
}

function verdictOf(gate: Gate, score: number): Verdict {
  if (score >= gate.pass) return 'pass';
  return score >= gate.review ? 'review' : 'fail';
}

function worst(verdicts: readonly Verdict[]): Verdict {
  return severity[Math.max(...verdicts.map((verdict) => severity.indexOf(verdict)))]!;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
