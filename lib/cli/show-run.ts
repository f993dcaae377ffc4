import { isExport } from '../component/output-place.ts';
import { fallbackText } from '../core/fallback-text.ts';
import { columnChangesText } from './column-changes-text.ts';
import type { LedgerRecord, Run } from './find-run.ts';
import { parameterText } from './parameter-text.ts';
import type { Platform } from './platform.ts';
import { bytes, counted, duration, type Printer, share, thousands } from './print.ts';
import { replayLines } from './replay-text.ts';
import { type ChunkFault, chunkFaults, showFailures } from './run-failures.ts';
import { type LedgerLine, ledgerLines, publishedTables, type Report, readReport } from './run-ledger.ts';
import { reviewLines, stateText, triggerText, withoutToken } from './run-text.ts';
import {
  type FunctionSpeed,
  functionSpeeds,
  type StageTime,
  type StageWork,
  stageTimes,
  stageTitle,
  stageWork,
} from './run-times.ts';
import { type RunWait, runWait, waitText } from './run-waits.ts';
import { showDrift } from './show-drift.ts';

/** With fewer rows, starting a worker is most of the time. */
const worthASpeed = 100_000;

/** Everything that is to be known of one run. */
export interface RunDetail {
  readonly run: Run;
  readonly ledger: readonly LedgerLine[];
  readonly times: readonly StageTime[];
  readonly work: readonly StageWork[];
  /** Functions of the user. */
  readonly functions: readonly FunctionSpeed[];
  readonly tables: Awaited<ReturnType<typeof publishedTables>>;
  readonly failures: readonly ChunkFault[];
  readonly report?: Report;
  /** Runs that have published rejects of this one. */
  readonly replays: Awaited<ReturnType<Platform['replaysOf']>>;
  /** Why it has not begun. Absent: it has, or waits for nothing. */
  readonly waits?: RunWait;
  /** Who looks after it, since when (milliseconds since the epoch). Absent: nobody has said so. */
  readonly acknowledged?: { readonly by: string; readonly at: number };
}

export async function runDetail(platform: Platform, run: Run): Promise<RunDetail> {
  const [found, tables, report, replays, acknowledged, waits] = await Promise.all([
    platform.runs.ledgerRecords(run.run),
    publishedTables(platform, run),
    readReport(platform, run),
    platform.replaysOf(run),
    platform.runs.acknowledged(run.run),
    runWait(platform, run),
  ]);
  const records = inOrder(found);
  return {
    run: withoutToken(run),
    ledger: ledgerLines(records),
    times: stageTimes(run, records),
    work: stageWork(records),
    functions: functionSpeeds(records),
    tables,
    failures: await chunkFaults(platform, run, records),
    report,
    replays,
    ...(waits && { waits }),
    ...(acknowledged && { acknowledged: { by: acknowledged.by, at: acknowledged.at } }),
  };
}

/** Extract first, then Process, then the reduce stages by number. */
function inOrder(records: readonly LedgerRecord[]): LedgerRecord[] {
  const place = (stage: string) =>
    stage === 'extract' ? 0 : stage === 'process' ? 1 : 1 + Number(stage.split('-')[1] ?? 1);
  return [...records].sort((a, b) => place(a.stage) - place(b.stage));
}

export function showRun(printer: Printer, detail: RunDetail): void {
  const { run, ledger, report, failures } = detail;
  const took = run.endedAt ? `  in ${duration(run.endedAt - Date.parse(run.startedAt))}` : '';
  printer.heading(`${run.run}  ${stateText(printer, run)}${took}`);
  printer.line(`  trigger  ${triggerText(run)}`);
  if (run.parameters) printer.line(`  with     ${parameterText(run.parameters)}`);
  if (detail.waits) printer.line(`  waits    ${waitText(detail.waits)}`);
  if (detail.acknowledged) printer.line(`  seen     by ${detail.acknowledged.by}, who looks after it`);
  for (const use of run.fallbacks ?? []) printer.line(`  instead  ${use.source}: ${fallbackText(use)} (${use.error})`);
  showFailures(printer, run, failures);
  showLedger(printer, ledger);
  if (report) showQuality(printer, report);
  if (report?.drift) showDrift(printer, report.drift);
  showTables(printer, detail.tables);
  showTimes(printer, detail);
  for (const line of [...reviewLines(run), ...replayLines(run, detail.replays)]) printer.line(`  ${line}`);
}

/** A column without any number in it is left out, and so are zeros. */
function showLedger(printer: Printer, ledger: readonly LedgerLine[]): void {
  if (ledger.length === 0) return;
  const counts = (['multiplied', 'rejected', 'filtered', 'merged', 'routed'] as const).filter((name) =>
    ledger.some((line) => line[name] > 0),
  );
  printer.table(
    ['stage', 'step', 'in', 'out', ...counts, 'balance'],
    ledger.map((line, index) => [
      line.stage === ledger[index - 1]?.stage ? '' : line.stage,
      line.step,
      line.in,
      line.out,
      ...counts.map((name) => line[name] || ''),
      line.balanced ? printer.paint('green', '✓') : printer.paint('red', '✗ does not balance'),
    ]),
  );
}

export function showQuality(printer: Printer, { gate, score, rules }: Report): void {
  const colour = gate === 'pass' ? 'green' : gate === 'review' ? 'yellow' : 'red';
  printer.line(`  quality  ${share(score, 4)}, gate: ${printer.paint(colour, gate)}`);
  for (const { rule, dimension, output, share: part, atLeast, broken } of rules) {
    const mark = broken ? printer.paint('red', '✗') : printer.paint('green', '✓');
    const bound = atLeast > 0 ? `, at least ${atLeast}` : '';
    printer.line(`           ${mark} ${rule.padEnd(12)} ${share(part, 6)}  ${dimension} of ${output}${bound}`);
  }
}

function showTables(printer: Printer, tables: RunDetail['tables']): void {
  for (const [index, { table, version, rows, bytes: size, files, merged, columns }] of tables.entries()) {
    const what = `${counted(rows, 'row')}, ${bytes(size)} in ${counted(files, 'file')}, ${version === undefined ? 'a version that was forgotten' : `version ${version}`}`;
    const name = printer.paint('green', table);
    printer.line(
      `  ${index === 0 ? 'tables ' : '       '}  ${name}  ${what} → ${isExport(table) ? table : `curated/${table}`}/`,
    );
    if (merged) {
      const { inserted, updated, superseded } = merged;
      const late = superseded > 0 ? `, ${superseded} older than what is there` : '';
      printer.line(`           of this run ${inserted} new, ${updated} in the place of others${late}`);
    }
    if (columns) printer.line(`           columns: ${columnChangesText(columns)}`);
    for (const { from, to } of columns?.alike ?? [])
      printer.line(
        `           ${printer.paint('yellow', '△')} if ${from} was renamed, say renamed: { ${to}: '${from}' }, and roll the table back first`,
      );
  }
}

function showTimes(printer: Printer, { ledger, times, work, functions }: RunDetail): void {
  if (times.length > 0) {
    const text = times.map(({ stage, milliseconds }) => `${stage} ${duration(milliseconds)}`).join(', ');
    printer.line(`  time     ${text}`);
  }
  for (const [index, { stage, chunks, milliseconds, peakMemoryBytes }] of work.entries()) {
    const took = times.find((one) => one.stage === stageTitle(stage))?.milliseconds;
    const rows = ledger.find((line) => line.stage === stage)?.in ?? 0;
    const speed = took && rows >= worthASpeed ? `, ${thousands(Math.round((rows / took) * 1000))} rows/s` : '';
    const name = work.length > 1 ? `${stageTitle(stage)}: ` : '';
    printer.line(
      `  ${index === 0 ? 'workers' : '       '}  ${name}${counted(chunks, 'chunk')}, ${duration(milliseconds)} of work, ${bytes(peakMemoryBytes)} at most${speed}`,
    );
  }
  for (const [index, { step, rows, milliseconds }] of functions.entries()) {
    const speed = `${thousands(Math.round((rows / Math.max(1, milliseconds)) * 1000))} rows/s`;
    const what = rows >= worthASpeed ? `${counted(rows, 'row')}, ${speed}` : counted(rows, 'row');
    printer.line(`  ${index === 0 ? 'calls  ' : '       '}  ${step}  ${what} in ${duration(milliseconds)}`);
  }
}
