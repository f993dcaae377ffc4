import { canonicalJson } from '../../lib/core/canonical-json.ts';
import { archivedEvents, archiveZone } from '../../lib/runtime/events/archive.ts';
import { storedRun } from '../../lib/runtime/events/events-of-run.ts';
import { rebuild } from '../../lib/runtime/events/rebuild.ts';
import { runKeys } from '../../lib/runtime/keys.ts';
import type { RunRecord } from '../../lib/runtime/ports/run-store.ts';
import type { LakeView } from './world/lake-view.ts';

/** Where the store that is rebuilt from the archive of events is another than the store. */
export async function toldOtherwise(lake: LakeView, records: readonly RunRecord[]): Promise<string[]> {
  const objects = { readText: (key: string) => lake.text(key) };
  const { runs } = rebuild(await archivedEvents({ objects } as never, await lake.keys(archiveZone)));
  const known = new Set(records.map(({ run }) => run));
  const unknown = [...runs.keys()]
    .filter((run) => !known.has(run))
    .map((run) => `events tell of ${run}, which is none`);
  const wrong = records.flatMap((record) => {
    const told = runs.get(record.run);
    const [says, is] = [told && canonicalJson(told), canonicalJson(storedRun(record))];
    return says === is ? [] : [`events tell of ${record.run} as ${says ?? 'nothing'}; it is ${is}`];
  });
  return [...unknown, ...wrong];
}

/** Runs that have ended, and of which nobody kept where their rows came from. One that was skipped has not begun. */
export async function lineageMissing(lake: LakeView, records: readonly RunRecord[]): Promise<string[]> {
  const kept = new Set(await lake.keys('reports/'));
  return records
    .filter(({ endedAt, failure }) => endedAt !== undefined && failure?.skippedFor === undefined)
    .filter(({ pipeline, run, redrives }) => !kept.has(runKeys(pipeline, run).lineage(redrives)))
    .map(({ run, state }) => `the lineage of ${run}, which is ${state}, was not kept`);
}
