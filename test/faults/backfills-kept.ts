import type { BackfillRecord } from '../../lib/runtime/ports/backfill-store.ts';
import type { Item, ReadBy } from './read-by.ts';

/**
 * A backfill that is said to be completed has published each of its slices, once; ranges of others are apart from it.
 * @param left ids of backfills that nobody has gone on with
 */
export function backfillsOtherwise(
  items: readonly Item[],
  runs: readonly ReadBy[],
  left: ReadonlySet<string>,
): string[] {
  const backfills = items.filter(
    ({ pk, sk }) => pk.startsWith('BACKFILLS#') && sk.startsWith('ID#'),
  ) as unknown as readonly BackfillRecord[];
  const problems = backfills.flatMap(({ id, state, slices }) => {
    const done = runs.flatMap(({ record: { trigger, state: end } }) =>
      trigger.kind === 'backfill' && trigger.of === id && end === 'Completed' ? [trigger.slice] : [],
    );
    const twice = done.length > new Set(done).size ? [`slices of ${id} were published twice: ${done.join(', ')}`] : [];
    const short = state === 'Completed' && done.length < slices ? [`${id} is ${state} with ${done.length} slices`] : [];
    const open =
      state === 'Open' && done.length === slices && !left.has(id) ? [`${id} is done and still ${state}`] : [];
    return [...twice, ...short, ...open];
  });
  return [...problems, ...sharedRanges(backfills)];
}

/** Two that are open at the same time are apart. */
export function sharedRanges(backfills: readonly BackfillRecord[]): string[] {
  const open = backfills.filter(({ state }) => state === 'Open').toSorted((a, b) => (a.from < b.from ? -1 : 1));
  return open.flatMap(({ id, to }, index) =>
    open.slice(index + 1).flatMap((other) => (other.from < to ? [`${id} and ${other.id} share a range`] : [])),
  );
}
