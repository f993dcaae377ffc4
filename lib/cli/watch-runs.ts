import { CommandInputError } from './errors.ts';
import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';
import type { Printer } from './print.ts';

const pollMilliseconds = 100;
/** A file that has started nothing after this time will not. */
const startMilliseconds = 60_000;
const ended = new Set(['Completed', 'Failed', 'Cancelled', 'AwaitingReview']);

/** The run that a version of an object has started, as soon as there is one. */
export async function runOfVersion(
  platform: Platform,
  file: { readonly pipeline: string; readonly key: string; readonly versionId?: string },
): Promise<Run> {
  for (let waited = 0; waited < startMilliseconds; waited += pollMilliseconds) {
    const { runs } = await platform.runs.list({ pipeline: file.pipeline, limit: 50 });
    const run = runs.find(
      ({ trigger }) =>
        trigger.kind === 'file' && trigger.key === file.key && trigger.versionId === (file.versionId ?? ''),
    );
    if (run) return run;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  throw new CommandInputError({
    problem: 'the file has started no run',
    received: file.key,
    allowed: `a key below the folder that "${file.pipeline}" waits for`,
    change: 'look at the trigger queue and its dead-letter queue',
  });
}

/** Shows how far runs have come until all have ended (or wait for a person). Returns them as they ended. */
export async function watchRuns(platform: Platform, runs: readonly Run[], printer: Printer): Promise<Run[]> {
  const current = new Map(runs.map((run) => [run.run, run]));
  const shown = new Map<string, string>();
  for (;;) {
    for (const { run } of runs) {
      if (ended.has(current.get(run)!.state)) continue;
      const found = (await platform.runs.find(run)) ?? current.get(run)!;
      current.set(run, found);
      const line = await progress(platform, found);
      if (shown.get(run) === line) continue;
      shown.set(run, line);
      printer.line(line);
    }
    if ([...current.values()].every((run) => ended.has(run.state))) return [...current.values()];
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

/** `flights  Executing  process 3/11  1,234,567 rows  12 rejects`. */
async function progress(platform: Platform, run: Run): Promise<string> {
  const parts = [run.pipeline.padEnd(12), (run.phase ?? run.state).padEnd(12)];
  const stages = run.extract?.stages;
  if (!stages) return parts.join('  ').trimEnd();
  const records = await platform.runs.ledgerRecords(run.run);
  for (const [stage, { chunks }] of Object.entries(stages)) {
    if (chunks > 0 && !(run.extract!.solo && stage !== 'process'))
      parts.push(`${stage} ${records.filter((one) => one.stage === stage).length}/${chunks}`);
  }
  const steps = records.filter((one) => one.stage === 'process').flatMap((one) => one.steps);
  // The first step of a chunk is its source: its rows are what came in.
  const rows = records
    .filter((one) => one.stage === 'process')
    .reduce((sum, one) => sum + (one.steps[0]?.rowsIn ?? 0), 0);
  const rejected = steps.reduce((sum, step) => sum + step.rejected, 0);
  if (rows > 0) parts.push(`${rows.toLocaleString('en-US')} rows`, `${rejected.toLocaleString('en-US')} rejects`);
  return parts.join('  ');
}
