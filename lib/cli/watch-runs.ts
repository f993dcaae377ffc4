import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';
import { counted, duration, type Printer } from './print.ts';
import { stateText } from './run-text.ts';
import { pause } from './runs-of-files.ts';

/** What `--wait` is said to do. */
export const waitsForEnd =
  'follow the run until it has ended, or waits for a review; the exit code is 0 only where it completed';

/** Where there is no terminal, a run that goes on says so this often. */
const lineMilliseconds = 10_000;
const ended = new Set(['Completed', 'Failed', 'Cancelled', 'AwaitingReview']);

/**
 * Shows how far runs have come until all have ended (or wait for a person): on a terminal in place, elsewhere a line
 * for each that ends. Returns them as they ended.
 */
export async function watchRuns(platform: Platform, runs: readonly Run[], printer: Printer): Promise<Run[]> {
  const current = new Map(runs.map((run) => [run.run, run]));
  const lines = new Map<string, string>();
  const told = new Set<string>();
  const board = printer.board();
  const start = performance.now();
  let nextLine = start + lineMilliseconds;
  for (;;) {
    for (const { run } of runs) {
      if (lines.has(run) && ended.has(current.get(run)!.state)) continue;
      const found = (await platform.runs.find(run)) ?? current.get(run)!;
      current.set(run, found);
      lines.set(run, await progress(platform, found, printer));
      if (!ended.has(found.state) || printer.isTerminal) continue;
      told.add(run);
      printer.line(lines.get(run));
    }
    if (printer.isTerminal) board([...lines.values()]);
    if ([...current.values()].every((run) => ended.has(run.state))) return [...current.values()];
    if (!printer.isTerminal && performance.now() > nextLine) {
      for (const [run, line] of lines) if (!told.has(run)) printer.line(line);
      nextLine = performance.now() + lineMilliseconds;
    }
    await pause(start);
  }
}

/** `flights       Executing     process 3/11  1,234,567 rows  12 rejected`. */
async function progress(platform: Platform, run: Run, printer: Printer): Promise<string> {
  const state = stateText(printer, { state: run.state, phase: undefined });
  const name = run.pipeline.padEnd(12);
  if (run.endedAt !== undefined) {
    const { rowsIn = 0, rejected = 0 } = run.totals ?? {};
    const rows = run.totals ? `  ${counted(rowsIn, 'row')}, ${counted(rejected, 'reject')}` : '';
    const reason = run.state === 'Failed' ? `  ${run.failure?.error}: npx penstock run show ${run.run}` : '';
    return `${name}  ${state} in ${duration(run.endedAt - Date.parse(run.startedAt))}${rows}${reason}`;
  }
  const parts = [name, run.state === 'Running' ? (run.phase ?? run.state).padEnd(12) : state];
  const stages = run.extract?.stages;
  if (!stages) return parts.join('  ').trimEnd();
  const records = await platform.runs.ledgerRecords(run.run);
  for (const [stage, { chunks }] of Object.entries(stages)) {
    if (chunks > 0 && !(run.extract!.solo && stage !== 'process'))
      parts.push(`${stage} ${records.filter((one) => one.stage === stage).length}/${chunks}`);
  }
  const processed = records.filter((one) => one.stage === 'process');
  // The first step of a chunk is its source: its rows are what came in.
  const rows = processed.reduce((sum, one) => sum + (one.steps[0]?.rowsIn ?? 0), 0);
  const rejected = processed.flatMap((one) => one.steps).reduce((sum, step) => sum + step.rejected, 0);
  if (rows > 0) parts.push(counted(rows, 'row'), counted(rejected, 'reject'));
  return parts.join('  ');
}
