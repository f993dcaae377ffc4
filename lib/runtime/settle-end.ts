import { leaseNeeds, tableLease } from '../component/lease-needs.ts';
import { type HeldLease, releaseHeld } from './admission/release-leases.ts';
import { recordLineage } from './lineage/record-lineage.ts';
import { outputs, type PipelineCode } from './pipeline-code.ts';
import type { Ports } from './ports/ports.ts';
import type { RunRecord } from './ports/run-store.ts';
import { pipelineOf } from './replay/narrowed-plan.ts';
import { requireRun } from './run/enter.ts';

/**
 * Does what follows the end of a run, for whoever ended it may have died right behind that: gives back what it still
 * holds, and keeps the lineage of its end. A run that is being redriven meanwhile keeps what it has taken anew. Doing it
 * again is harmless.
 */
export async function settleEnd(
  ports: Pick<Ports, 'objects' | 'runs' | 'leases' | 'bus'>,
  code: PipelineCode,
  ended: RunRecord,
): Promise<void> {
  const pipeline = pipelineOf(code, ended.trigger);
  const turns = ended.publish ? outputs(pipeline.plan).map(({ table }) => tableLease(table)) : [];
  const held = await leftOver(ports, [...leaseNeeds(code.plan).map(({ name }) => name), ...turns], ended.run);
  // Unchanged behind that, so none of it was taken by an attempt that came later: what those take has other fences.
  const record = await requireRun(ports, ended.run);
  if (record.state !== ended.state || record.redrives !== ended.redrives) return;
  await releaseHeld(ports, held, record.run);
  await recordLineage(ports, pipeline, record, record);
}

/** Leases that the run holds, or is in line for. */
async function leftOver({ leases }: Pick<Ports, 'leases'>, names: readonly string[], run: string) {
  const found: HeldLease[] = [];
  for (const name of names) {
    const { holders, waiting } = await leases.find(name);
    const fence = holders[run];
    if (fence !== undefined) found.push({ name, fence });
    else if (run in waiting) found.push({ name });
  }
  return found;
}
