import type { PipelineState } from '../../lib/runtime/ports/pipeline-store.ts';
import type { Played } from './play.ts';
import type { Item, ReadBy } from './read-by.ts';

/** What is written down beside the runs, and does not fit to what has happened. */
export function wronglyWrittenDown(items: readonly Item[], { acted }: Played, runs: readonly ReadBy[]): string[] {
  return [...claims(items, runs), ...states(items), ...audit(items, acted), ...errors(items)];
}

/** Every file that a run has published is claimed by it, so that no other one takes it. */
function claims(items: readonly Item[], runs: readonly ReadBy[]): string[] {
  const byFile = new Map(
    items.filter(({ pk }) => pk.startsWith('PIPELINE#')).map(({ key, versionId, run }) => [`${key} ${versionId}`, run]),
  );
  // A slice of a backfill reads files that others have published.
  return runs.flatMap(({ record: { run, trigger }, files }) =>
    (trigger.kind === 'backfill' ? [] : files)
      .filter(({ key, versionId }) => byFile.get(`${key} ${versionId}`) !== run)
      .map(({ key, versionId }) => `${key} in version ${versionId}, which ${run} has published, is not claimed by it`),
  );
}

/** The states that each state of a pipeline may follow. */
const before: Readonly<Record<PipelineState, readonly (PipelineState | undefined)[]>> = {
  Created: [undefined],
  Validating: ['Created', 'Validating', 'Validated', 'Invalid', 'Scheduled'],
  Validated: ['Validating'],
  Invalid: ['Validating'],
  Scheduled: ['Validated', 'Paused'],
  Paused: ['Created', 'Validating', 'Validated', 'Invalid', 'Scheduled'],
};

function states(items: readonly Item[]): string[] {
  const transitions = items
    .filter(({ sk }) => sk === 'STATE')
    .map((item) => item.transitions as { state: PipelineState }[]);
  return transitions.flatMap((steps) =>
    steps.flatMap(({ state }, index) => {
      const from = steps[index - 1]?.state;
      return before[state].includes(from) ? [] : [`a pipeline became ${state} when it was ${from ?? 'not there'}`];
    }),
  );
}

/** All that people have done is in the audit; what they were kept from telling the end of may be there, too. */
function audit(items: readonly Item[], acted: readonly string[]): string[] {
  const entries = items.filter(({ pk }) => pk.startsWith('AUDIT#')).map(({ action }) => action as string);
  const count = (all: readonly string[], action: string) => all.filter((one) => one === action).length;
  const looksAfter = items
    .filter(({ pk, action }) => pk.startsWith('AUDIT#') && action === 'acknowledge')
    .map(({ run }) => run as string);
  return [
    ...[...new Set(acted)]
      .filter((action) => count(entries, action) < count(acted, action))
      .map(
        (action) =>
          `${action} was done ${count(acted, action)} times, and the audit has it ${count(entries, action)} times`,
      ),
    ...[...new Set(looksAfter)]
      .filter((run) => looksAfter.filter((one) => one === run).length > 1)
      .map((run) => `two people look after ${run}`),
  ];
}

/** Of each pattern, every failure is counted once, and it reaches from the first to the last of them. */
function errors(items: readonly Item[]): string[] {
  return items
    .filter(({ pk }) => pk === 'ERRORS')
    .flatMap(({ fingerprint, count, firstSeen, lastSeen }) => {
      const times = items.filter(({ pk }) => pk === `ERROR#${fingerprint}`).map(({ at }) => at as number);
      const is = `${times.length} failures from ${Math.min(...times)} to ${Math.max(...times)}`;
      const says = `${count} failures from ${firstSeen} to ${lastSeen}`;
      return is === says ? [] : [`a pattern tells of ${says}; there are ${is}`];
    });
}
