import { nearest } from '../../core/nearest.ts';
import { triggerKinds } from '../../core/trigger-kinds.ts';
import type { CommandFile } from '../command.ts';
import type { Run } from '../find-run.ts';
import { newestRuns } from '../newest-runs.ts';
import { count, runState, time, triggerKind } from '../option-values.ts';
import { findPlatform, type Platform } from '../platform.ts';
import { counted, duration, type Printer } from '../print.ts';
import { stateText, timeText, triggerText, withoutToken } from '../run-text.ts';

/**
 * `penstock runs`: newest first.
 * JSON: `[{ run, pipeline, planDigest, trigger, startedAt, state, phase?, transitions, extract?, assess?, publish?,
 * review?, totals?, failure?, endedAt? }]`, the records of the run store; times in `…At` are ISO 8601 or milliseconds.
 */
export const runs: CommandFile = (program, act) => {
  program
    .command('runs')
    .description('list runs, newest first')
    .option('--pipeline <name>', 'of one pipeline')
    .option('--state <state>', 'that are in this state', runState)
    .option('--trigger <kind>', `that were started by one of: ${triggerKinds.join(', ')}`, triggerKind)
    .option('--since <time>', 'begun since then: 2026-11-21, 2026-11-21T06:00Z, or e.g. 2h, 7d ago', time)
    .option('--until <time>', 'begun before then', time)
    .option('--limit <number>', 'how many', count, 20)
    .action(
      act(async ({ printer }, filter: RunFilter & { limit: number }) => {
        const platform = findPlatform();
        const found = await filteredRuns(platform, filter);
        printer.data(found);
        const { pipeline, limit, ...others } = filter;
        if (found.length === 0 && Object.values(others).some((value) => value !== undefined))
          return printer.line('no such runs');
        if (found.length === 0) return printer.line(await noRuns(platform, pipeline));
        showRuns(printer, found);
      }),
    );
};

interface RunFilter {
  readonly pipeline?: string;
  readonly state?: Run['state'];
  readonly trigger?: string;
  readonly since?: number;
  readonly until?: number;
}

async function filteredRuns(
  platform: Platform,
  { pipeline, state, trigger, since = 0, until = Number.POSITIVE_INFINITY, limit }: RunFilter & { limit: number },
): Promise<Run[]> {
  const found: Run[] = [];
  for await (const run of newestRuns(platform, Number.POSITIVE_INFINITY, pipeline)) {
    const at = Date.parse(run.startedAt);
    if (at < since || found.length === limit) break;
    const fits = at < until && (state ?? run.state) === run.state && (trigger ?? run.trigger.kind) === run.trigger.kind;
    if (fits) found.push(withoutToken(run));
  }
  return found;
}

function showRuns(printer: Printer, found: readonly Run[]): void {
  printer.table(
    ['run', 'state', 'started (UTC)', 'took', 'rows in', 'rejected', 'trigger'],
    found.map((run) => [
      run.run,
      stateText(printer, run),
      timeText(run.startedAt),
      run.endedAt ? duration(run.endedAt - Date.parse(run.startedAt)) : '',
      run.totals?.rowsIn ?? '',
      run.totals?.rejected ?? '',
      triggerText(run),
    ]),
    { right: ['took'] },
  );
  const waiting = found.filter(({ state, phase }) => state === 'AwaitingReview' && phase === 'Undecided');
  if (waiting.length === 0) return;
  printer.line();
  const verb = waiting.length === 1 ? 'waits' : 'wait';
  printer.line(`${counted(waiting.length, 'run')} ${verb} for a decision: npx penstock review list`);
}

/** A misspelt pipeline has no runs either, so the ones that have are named. */
async function noRuns(platform: Platform, pipeline: string | undefined): Promise<string> {
  const put = 'drop a file with `npx penstock put <file> <pipeline>`';
  if (pipeline === undefined) return `no runs yet: ${put}`;
  const names = [...new Set((await platform.runs.list({ limit: 200 })).runs.map((run) => run.pipeline))].sort();
  const guess = nearest(pipeline, names);
  if (names.length === 0) return `no runs of "${pipeline}" yet: ${put}`;
  return `no runs of "${pipeline}"; ${guess ? `did you mean "${guess}"?` : `there are runs of ${names.join(', ')}`}`;
}
