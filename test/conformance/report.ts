import type { Verdict } from './verdict.ts';

/** The areas as a table, what was skipped, and three lines for programs. */
export function report(verdicts: readonly Verdict[]): string[] {
  const areas = [...new Set(verdicts.map(({ area }) => area))];
  const rows = areas.map((area) =>
    row(
      area,
      verdicts.filter((verdict) => verdict.area === area),
    ),
  );
  const header = ['area', 'cases', 'outcome', 'history', 'details', 'skipped'];
  return [
    ...aligned([header, ...rows]),
    ...verdicts.flatMap(({ id, skipped }) => (skipped === undefined ? [] : [`skipped ${id}: ${skipped}`])),
    summary(verdicts),
  ];
}

function row(area: string, verdicts: readonly Verdict[]): string[] {
  const { cases, outcome, history, details, comparable, skipped } = tally(verdicts);
  return [area, `${cases}`, `${outcome}`, `${history}/${comparable}`, `${details}/${comparable}`, `${skipped}`];
}

function summary(verdicts: readonly Verdict[]): string {
  const of = (group: Verdict['group']) => tally(verdicts.filter((verdict) => verdict.group === group));
  const [executions, api, patterns] = [of('executions'), of('api'), of('patterns')];
  return [
    `EXECUTIONS cases=${executions.cases} outcome=${executions.outcome} comparable=${executions.comparable} history=${executions.history} skipped=${executions.skipped}`,
    `API cases=${api.cases} equal=${api.outcome} skipped=${api.skipped}`,
    `PATTERNS cases=${patterns.cases} equal=${patterns.outcome} skipped=${patterns.skipped}`,
  ].join('\n');
}

function tally(verdicts: readonly Verdict[]) {
  const count = (holds: (verdict: Verdict) => boolean) => verdicts.filter(holds).length;
  return {
    cases: verdicts.length,
    outcome: count(({ outcome }) => outcome === true),
    comparable: count(({ history }) => history !== undefined),
    history: count(({ history }) => history === true),
    details: count(({ details }) => details === true),
    skipped: count(({ skipped }) => skipped !== undefined),
  };
}

function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
}
