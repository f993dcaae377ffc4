import type { Measured } from '../../component/measure.ts';
import type { Gate, OutputNode, Plan, QualityRulePlan } from '../../component/plan.ts';
import type { Judgement } from '../../component/quality-rule.ts';
import { type Fraction, fraction, numberOf, one, product, sum } from '../../core/fraction.ts';

export interface RuleScore {
  readonly rule: string;
  readonly component: string;
  readonly dimension: QualityRulePlan['dimension'];
  readonly output: string;
  readonly table: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Rows, or groups where groups are compared; 1 where the rule judges all rows at once. */
  readonly total: number;
  readonly passed: number;
  /** Passed of total, 0 to 1; 1 where there was nothing to measure. */
  readonly share: number;
  readonly atLeast: number;
  readonly broken: boolean;
  readonly onBreak: QualityRulePlan['onBreak'];
  /** What was found, where that is more than a share, or why nothing was, for people. */
  readonly observed?: string;
  /** What was asked for. */
  readonly allowed?: string;
}

export interface QualityScore {
  readonly gate: 'pass' | 'review' | 'fail';
  /** Mean of the dimensions' scores, 0 to 1; 1 where the plan has no rules. */
  readonly score: number;
  /** Mean of the shares of the rules of each dimension; completeness times the share of files that could be read. */
  readonly dimensions: Readonly<Record<string, number>>;
  readonly rules: readonly RuleScore[];
}

type Verdict = QualityScore['gate'];
const severity: readonly Verdict[] = ['pass', 'review', 'fail'];

/** What a run is judged by beside the rules of its plan. */
export interface Found {
  /** What files that could not be read are to the score. */
  readonly files?: readonly RuleScore[];
  /** Tables that would be left empty: they decide, and are no part of the score. */
  readonly emptied?: readonly RuleScore[];
}

/**
 * Turns counts into a decision. `measures` has exactly one for each rule of the plan, `judgements` one for each rule
 * that judges all rows at once.
 */
export function scoreQuality(
  plan: Pick<Plan, 'quality' | 'gate' | 'nodes'>,
  measures: ReadonlyMap<string, Measured>,
  judgements: ReadonlyMap<string, Judgement> = new Map(),
  { files = [], emptied = [] }: Found = {},
): QualityScore {
  const rules = plan.quality.map((rule) => ({
    ...ruleScore(rule, measures.get(rule.id)!, judgements.get(rule.id)),
    table: plan.nodes.find((node): node is OutputNode => node.id === rule.output)!.table,
  }));
  const scores = new Map<string, Fraction>();
  for (const [dimension, own] of Map.groupBy(rules, (rule) => rule.dimension))
    scores.set(dimension, meanOf(own.map(fractionOf)));
  // A factor, as a share among others would raise their mean where it is the better one.
  if (files.length > 0) {
    const fewest = files.reduce((least, file) => (file.share < least.share ? file : least));
    scores.set('completeness', product(scores.get('completeness') ?? one, fractionOf(fewest)));
  }
  const dimensions = Object.fromEntries([...scores].map(([dimension, score]) => [dimension, numberOf(score)]));
  const score = numberOf(meanOf([...scores.values()]));
  const verdicts = [...rules, ...emptied].flatMap(({ broken, onBreak }) =>
    broken && onBreak !== 'warn' ? onBreak : [],
  );
  const gate = worst([verdictOf(plan.gate, score), ...verdicts]);
  return { gate, score, dimensions, rules: [...rules, ...files, ...emptied] };
}

function ruleScore(
  { id, component, dimension, output, options, atLeast, onBreak }: QualityRulePlan,
  measure: Measured,
  judgement: Judgement | undefined,
): Omit<RuleScore, 'table'> {
  const total = judgement ? 1 : measure.total;
  const passed = judgement ? Number(judgement.holds) : measure.passed;
  const share = total === 0 ? 1 : passed / total;
  const words = judgement
    ? { observed: judgement.observed, allowed: judgement.allowed }
    : measure.unmeasured !== undefined && { observed: measure.unmeasured };
  const rule = { rule: id, component, dimension, output, options };
  return { ...rule, total, passed, share, atLeast, broken: share < atLeast, onBreak, ...words };
}

function verdictOf(gate: Gate, score: number): Verdict {
  if (score >= gate.pass) return 'pass';
  return score >= gate.review ? 'review' : 'fail';
}

function worst(verdicts: readonly Verdict[]): Verdict {
  return severity[Math.max(...verdicts.map((verdict) => severity.indexOf(verdict)))]!;
}

function fractionOf({ passed, total }: Pick<RuleScore, 'passed' | 'total'>): Fraction {
  return total === 0 ? one : fraction(BigInt(passed), BigInt(total));
}

function meanOf(shares: readonly Fraction[]): Fraction {
  return shares.length === 0 ? one : product(shares.reduce(sum), fraction(1n, BigInt(shares.length)));
}
