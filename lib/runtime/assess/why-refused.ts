import type { QualityReport } from './quality-report.ts';
import type { RuleScore } from './score.ts';

/** The text goes through the state of the execution into the record of the run. */
const longestText = 1_000;
const mostRules = 5;

/** Why a run did not pass the gate: the score, and what decided beside it. The report has the rest. */
export function whyRefused({ score, rules }: Pick<QualityReport, 'score' | 'rules'>): string {
  const decided = rules.filter(({ broken, onBreak }) => broken && onBreak === 'fail');
  const more = decided.length > mostRules ? [`${decided.length - mostRules} more rules`] : [];
  const parts = [`score ${score}`, ...decided.slice(0, mostRules).map(textOf), ...more].join('; ');
  return parts.length > longestText ? `${parts.slice(0, longestText).toWellFormed()}…` : parts;
}

function textOf({ rule, table, share, atLeast, observed, allowed }: RuleScore): string {
  if (observed === undefined) return `${rule} of table "${table}": ${share}, at least ${atLeast} asked for`;
  return `${rule} of table "${table}": ${observed}${allowed === undefined ? '' : `, asked for ${allowed}`}`;
}
