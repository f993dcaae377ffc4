import { counted, type Printer } from './print.ts';
import type { Report } from './run-ledger.ts';

/** How the columns of a run's files differ from those of their contracts, a line for each. */
export function showDrift(printer: Printer, drift: NonNullable<Report['drift']>): void {
  for (const [index, { source, change, column, found, action, files }] of drift.entries()) {
    const mark = action === 'quarantine' ? printer.paint('red', '✗') : printer.paint('yellow', '△');
    const as = found === undefined ? '' : ` (${found})`;
    const outcome = action === 'quarantine' ? 'its rows are rejected' : outcomes[change];
    // The report keeps no more than ten.
    const of = `${files[0]}${files.length > 1 ? ` and ${counted(files.length - 1, 'other file')}` : ''}`;
    printer.line(
      `  ${index === 0 ? 'columns' : '       '}  ${mark} ${source}.${column} is ${change}${as}: ${outcome}  ${of}`,
    );
  }
}

/** What the run went on with. */
const outcomes = {
  added: 'passed over',
  missing: 'read as NULL',
  renamed: 'read under its new name',
  retyped: 'converted where nothing is lost',
} as const;
