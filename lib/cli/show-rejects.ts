import type { Run } from './find-run.ts';
import type { Printer } from './print.ts';
import type { FoundRejects, RejectedRow } from './rejected-rows.ts';

const mostCharacters = 160;

/** How many rejects by rule, then some of each. */
export function showRejects(printer: Printer, { run }: Pick<Run, 'run'>, { rules, rows }: FoundRejects): void {
  if (rules.length === 0) {
    printer.line(`no rejects in ${run}`);
    return;
  }
  printer.table(
    ['rows', 'severity', 'step', 'rule'],
    rules.map((one) => [one.rows, one.severity, one.node, one.rule]),
  );
  printer.line();
  for (const row of rows) showRow(printer, row);
  const all = rules.reduce((sum, one) => sum + one.rows, 0);
  if (all > rows.length)
    printer.line(`  ${rows.length} of ${all} shown; see --limit, --rule, --column, --stage, --step`);
}

function showRow(printer: Printer, { file, row, reason, raw, seen }: RejectedRow): void {
  printer.line(`  ${file} record ${row}  ${printer.paint('yellow', reason)}`);
  printer.line(printer.paint('dim', `    ${shortened(raw)}`));
  if (seen !== null && seen !== raw) printer.line(printer.paint('dim', `    as the step saw it: ${shortened(seen)}`));
}

function shortened(text: string): string {
  const line = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
  return line.replaceAll('\n', '\\n');
}
