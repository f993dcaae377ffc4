import { passesRepeatsOver } from '../../component/plan.ts';
import type { StageInput } from '../messages.ts';
import type { PipelineCode } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { PinnedObject } from './pinned-inputs.ts';

/**
 * Leaves out of what a run has found the versions whose content is that of versions before, where that is published. Where
 * it is not, because their runs have failed, the run takes the later one in their place, and with it their first for
 * itself, as every run over this content does: one of them publishes it.
 */
export async function withoutRepeats(
  { arrivals, runs }: Pick<Ports, 'arrivals' | 'runs'>,
  { plan }: Pick<PipelineCode, 'plan'>,
  { pipeline, run }: Pick<StageInput, 'pipeline' | 'run'>,
  found: readonly PinnedObject[],
): Promise<readonly PinnedObject[]> {
  if (!passesRepeatsOver(plan)) return found;
  const versions = found.flatMap(({ key, versionId }) => (versionId === undefined ? [] : [{ key, versionId }]));
  const repeats = await arrivals.repeats(pipeline, versions);
  const before = repeats.map(({ key, of }) => ({ key, versionId: of }));
  const published = new Set((await runs.consumed(pipeline, run, before)).map(nameOf));
  const origins = new Map(repeats.map((one) => [nameOf(one), one.of]));
  return found.flatMap((object) => {
    const of = origins.get(nameOf(object));
    if (of === undefined) return [object];
    return published.has(nameOf({ key: object.key, versionId: of })) ? [] : [{ ...object, repeats: of }];
  });
}

function nameOf({ key, versionId }: { readonly key: string; readonly versionId?: string }): string {
  return JSON.stringify([key, versionId]);
}
