import { ReplayImpossibleError } from '../../core/errors/replay-impossible-error.ts';
import { versionOf } from '../keys.ts';
import type { ReplayTrigger } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import { findReplays, type Replay } from './find-replays.ts';

/** Version in which a run published a table; undefined where it did not. */
export function publishedVersion({ publish }: Pick<RunRecord, 'publish'>, table: string): number | undefined {
  const found = Object.values(publish?.tables ?? {}).find((one) => one.table === table);
  return found && versionOf(found.metadata);
}

/** Tables that replays have made anew since a run, and with them what it rejected on the way there. */
export function remadeSince(run: Pick<RunRecord, 'publish'>, replays: readonly Replay[]): readonly string[] {
  const tables = replays.flatMap((replay) =>
    replay.trigger.whole ? replay.trigger.tables.map((table) => ({ replay, table })) : [],
  );
  const later = tables.filter(({ replay, table }) => {
    const version = publishedVersion(replay, table);
    return version !== undefined && version > (publishedVersion(run, table) ?? 0);
  });
  return [...new Set(later.map(({ table }) => table))];
}

/**
 * The runs whose rows a replay takes out of a table as it makes them anew: the one that it replays, and the replays of it
 * that were published so far. Throws `ReplayImpossibleError` where their rows can not be told from others any more.
 */
export async function remadeRuns(
  ports: Pick<Ports, 'runs'>,
  { pipeline, trigger, table }: { readonly pipeline: string; readonly trigger: ReplayTrigger; readonly table: string },
  rowsOf: (run: string) => number,
): Promise<ReadonlySet<string>> {
  const first = await ports.runs.find(trigger.of);
  const replays = await findReplays(ports, { pipeline, run: trigger.of });
  const published = [...(first ? [first] : []), ...replays].filter(({ state }) => state === 'Completed');
  for (const run of published) {
    if (remadeSince(run, replays).includes(table)) continue;
    const rows = Object.values(run.publish?.tables ?? {}).find((one) => one.table === table)?.rows ?? 0;
    if (rowsOf(run.run) === rows) continue;
    throw new ReplayImpossibleError({
      problem: `rows of ${run.run} in the table "${table}" can not be told from those of other runs any more`,
      received: `${rowsOf(run.run)} of ${rows} rows in files of their own`,
      allowed: 'a table that still has the files of the run',
      change: 'compaction or another writer has put them elsewhere: correct the rows in their file and drop it again',
    });
  }
  return new Set([trigger.of, ...replays.map(({ run }) => run)]);
}
