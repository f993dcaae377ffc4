import { nearest } from '../core/nearest.ts';
import { CommandInputError } from './errors.ts';
import { newestRuns } from './newest-runs.ts';
import type { Platform } from './platform.ts';

/** A shortened id is looked for among so many of the newest runs first, and page by page behind them where none has it. */
const lookedAt = 200;
const lookedAtMost = 10_000;
const mostShown = 8;

/** A run by its id, by the beginning of it, or `latest`. */
export async function findRun(platform: Platform, id: string) {
  const exact = id === 'latest' || id === '' ? undefined : await platform.runs.find(id);
  return exact ?? pickRun(await newestWith(platform, id), id);
}

async function newestWith(platform: Platform, id: string): Promise<Run[]> {
  const newest: Run[] = [];
  const older: Run[] = [];
  for await (const run of newestRuns(platform, id === 'latest' || id === '' ? lookedAt : lookedAtMost)) {
    if (newest.length === lookedAt && newest.some((one) => one.run.startsWith(id))) return newest;
    if (newest.length < lookedAt) newest.push(run);
    else if (run.run.startsWith(id)) older.push(run);
  }
  return [...newest, ...older];
}

/** The one of `runs`, newest first, that an id, the beginning of one, or `latest` stands for. */
export function pickRun(runs: readonly Run[], id: string): Run {
  if (id === 'latest' && runs[0]) return runs[0];
  const matching = id === '' ? [] : runs.filter((run) => run.run.startsWith(id));
  if (matching.length === 1) return matching[0]!;
  const ids = (matching.length > 1 ? matching : runs).map((run) => run.run);
  const more = ids.length > mostShown ? [`and ${ids.length - mostShown} more`] : [];
  const guess = nearest(id, ids);
  throw new CommandInputError({
    problem: matching.length > 1 ? `several runs begin with "${id}"` : `there is no run "${id}"`,
    received: id,
    allowed: ids.length > 0 ? [...ids.slice(0, mostShown), ...more] : 'none yet',
    change:
      matching.length > 1
        ? 'give more of the id'
        : ids.length === 0
          ? 'drop a file with `npx penstock put <file> <pipeline>`'
          : guess
            ? `did you mean "${guess}"?`
            : 'take an id from `npx penstock runs`',
  });
}

/** A run record as the store gives it. */
export type Run = NonNullable<Awaited<ReturnType<Platform['runs']['find']>>>;
export type LedgerRecord = Awaited<ReturnType<Platform['runs']['ledgerRecords']>>[number];
