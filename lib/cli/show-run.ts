import type { LedgerRecord, Run } from './find-run.ts';
import type { Platform } from './platform.ts';
import { bytes, duration, type Printer } from './print.ts';
import { type LedgerLine, ledgerLines, publishedTables, type Report, readReport } from './run-ledger.ts';
import { stateText, triggerText } from './run-text.ts';

/** Everything that is to be known of one run. */
export interface RunDetail {
  readonly run: Run;
  readonly ledger: readonly LedgerLine[];
  readonly tables: Awaited<ReturnType<typeof publishedTables>>;
  readonly report?: Report;
}

export async function runDetail(platform: Platform, run: Run): Promise<RunDetail> {
  const [records, tables, report] = await Promise.all([
    platform.runs.ledgerRecords(run.run),
    publishedTables(platform, run),
    readReport(platform, run),
  ]);
  return { run, ledger: ledgerLines(inOrder(records)), tables, report };
}

/** Extract first, then Process, then the reduce stages by number. */
function inOrder(records: readonly LedgerRecord[]): LedgerRecord[] {
  const place = (stage: string) =>
    stage === 'extract' ? 0 : stage === 'process' ? 1 : 1 + Number(stage.split('-')[1] ?? 1);
  return [...records].sort((a, b) => place(a.stage) - place(b.stage));
}

export function showRun(printer: Printer, platform: Platform, { run, ledger, tables, report }: RunDetail): void {
  const took = run.endedAt ? `  in ${duration(run.endedAt - Date.parse(run.startedAt))}` : '';
  printer.heading(`${run.run}  ${stateText(printer, run)}${took}`);
  printer.line(`  trigger  ${triggerText(run)}`);
  if (run.failure) {
    printer.line(`  ${printer.paint('red', `failed in ${run.failure.state}: ${run.failure.error}`)}`);
    printer.line(`  ${run.failure.message}`);
  }
  showLedger(printer, ledger);
  if (report) showQuality(printer, report);
  for (const table of tables) {
    printer.line(
      `  ${printer.paint('green', table.table)}  version ${table.version}: ${table.rows.toLocaleString('en-US')} rows, ${bytes(table.bytes)} in ${table.files} files  s3://${platform.address.lake}/curated/${table.table}/`,
    );
  }
  if (report) showStages(printer, run, report);
}

function showLedger(printer: Printer, ledger: readonly LedgerLine[]): void {
  printer.table(
    ['stage', 'step', 'in', 'out', 'rejected', 'filtered', 'merged', ''],
    ledger.map((line) => [
      line.stage,
      line.step,
      line.in,
      line.out,
      line.rejected,
      line.filtered,
      line.merged,
      line.balanced ? '=' : 'DOES NOT BALANCE',
    ]),
  );
}

function showQuality(printer: Printer, { gate, score, rules }: Report): void {
  const colour = gate === 'pass' ? 'green' : gate === 'review' ? 'yellow' : 'red';
  printer.line(`  quality  ${score.toFixed(4)}  gate ${printer.paint(colour, gate)}`);
  for (const { rule, dimension, output, share, atLeast, broken } of rules) {
    printer.line(
      `    ${broken ? printer.paint('red', '✗') : printer.paint('green', '✓')} ${rule}  ${share.toFixed(6)}  ${dimension} of ${output}${atLeast > 0 ? `, at least ${atLeast}` : ''}`,
    );
  }
}

function showStages(printer: Printer, run: Run, report: Report): void {
  const parts = Object.entries(report.stages).map(([stage, { chunks, milliseconds, peakMemoryBytes }]) => {
    const sum = Object.values(milliseconds).reduce((total, one) => total + one, 0);
    return `${stage} ${chunks} chunk${chunks === 1 ? '' : 's'} ${duration(sum)} ${bytes(peakMemoryBytes)}`;
  });
  const phases = run.transitions.flatMap((one, index) => {
    const next = run.transitions[index + 1]?.at ?? run.endedAt;
    return next ? [`${one.phase ?? one.state} ${duration(next - one.at)}`] : [];
  });
  printer.line(printer.paint('dim', `  time     ${phases.join(', ')}`));
  printer.line(printer.paint('dim', `  work     ${parts.join('; ')}`));
}
