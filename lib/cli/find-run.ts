import { nearest } from '../core/nearest.ts';
import { CommandInputError } from './errors.ts';
import type { Platform } from './platform.ts';

/** A run by its id, by the beginning of it, or `latest`. */
export async function findRun(platform: Platform, id: string) {
  const exact = id === 'latest' ? undefined : await platform.runs.find(id);
  if (exact) return exact;
  const { runs } = await platform.runs.list({ limit: 200 });
  if (id === 'latest' && runs[0]) return runs[0];
  const matching = runs.filter((run) => run.run.startsWith(id));
  if (matching.length === 1) return matching[0]!;
  const ids = runs.map((run) => run.run);
  const guess = nearest(id, ids);
  throw new CommandInputError({
    problem: matching.length > 1 ? `several runs begin with "${id}"` : `there is no run "${id}"`,
    received: id,
    allowed: (matching.length > 1 ? matching.map((run) => run.run) : ids).slice(0, 8),
    change:
      matching.length > 1
        ? 'give more of the id'
        : guess
          ? `did you mean "${guess}"?`
          : 'take an id from `penstock runs`',
  });
}

/** A run record as the store gives it. */
export type Run = Awaited<ReturnType<typeof findRun>>;
export type LedgerRecord = Awaited<ReturnType<Platform['runs']['ledgerRecords']>>[number];
