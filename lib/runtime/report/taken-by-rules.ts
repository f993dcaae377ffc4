import type { QualityReport } from '../assess/quality-report.ts';

/** What becomes of the rows that come into a step, and the class that colours it. */
export const fates = [
  { name: 'go on', tone: 'plain', of: 'rowsOut' },
  { name: 'rejected', tone: 'bad', of: 'rejected' },
  { name: 'filtered', tone: 'warn', of: 'filtered' },
  { name: 'merged', tone: 'soft', of: 'merged' },
  { name: 'routed elsewhere', tone: 'soft', of: 'routed' },
] as const;

/** Rules that a page shows; the others stand in the JSON. */
const mostRules = 20;

export interface TakenByRule {
  readonly node: string;
  readonly rule: string;
  readonly rows: number;
  /** What became of them. The ledger of a step adds its rules up: of several fates each may be that of any rule. */
  readonly fate: string;
  readonly tone: (typeof fates)[number]['tone'];
}

/** The rules that took most rows, and how many there are besides. */
export function takenByRules(ledger: QualityReport['ledger']): {
  readonly shown: readonly TakenByRule[];
  readonly more: number;
} {
  const taken = ledger.flatMap((step) => {
    const lost = fates.filter(({ of }) => of !== 'rowsOut' && (step[of] ?? 0) > 0);
    const fate = lost.map(({ name }) => name).join(' or ');
    const tone = lost[0]?.tone ?? 'soft';
    return Object.entries(step.rules).map(([rule, rows]) => ({ node: step.node, rule, rows, fate, tone }));
  });
  const shown = taken.sort((a, b) => b.rows - a.rows).slice(0, mostRules);
  return { shown, more: taken.length - shown.length };
}
