import type { Plan } from '../../component/plan.ts';
import { BackfillRefusedError } from '../../core/errors/backfill-refused-error.ts';
import type { BackfillRecord } from '../ports/backfill-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { PlannedBackfill } from './plan-backfill.ts';
import { backfillProgress } from './progress.ts';
import { requireData } from './require-data.ts';

export type BegunBackfill = PlannedBackfill & { readonly record: BackfillRecord };

/**
 * Opens a backfill, or the same one again, which then goes on where it was. One that is completed stays so. Throws
 * `BackfillRefusedError` where there is nothing to read, or another one is at work in the range.
 */
export async function beginBackfill(
  ports: Pick<Ports, 'objects' | 'tables' | 'backfills' | 'runs' | 'clock'>,
  plan: Plan,
  planned: PlannedBackfill,
  by: string,
): Promise<BegunBackfill> {
  const { id, pipeline, from, to, slice } = planned.record;
  const earlier = await ports.backfills.find(pipeline, id);
  if (earlier?.state === 'Completed') return { ...planned, record: earlier };
  await requireData(ports, plan, planned);
  const at = ports.clock.now();
  const record: BackfillRecord = { ...planned.record, state: 'Open', by, at };
  const audit = { at, by, action: 'backfill', pipeline, detail: { id, from, to, slice } } as const;
  for (;;) {
    const other = await ports.backfills.open(record, audit);
    if (!other) return { ...planned, record };
    if (await closeDone(ports, other)) continue;
    throw new BackfillRefusedError({
      problem: 'another backfill of the pipeline has not ended, and has a part of the range',
      received: `from ${from} to ${to}`,
      allowed: `no day or time from ${other.from} to ${other.to}, which "${other.id}" has`,
      change: `nothing was started: let it end (who asks for it again goes on with it), or cancel it with \`npx penstock backfill cancel ${other.id}\``,
    });
  }
}

/** Where the last slice was done by trying its run again, nobody was there to close the backfill. */
async function closeDone(ports: Pick<Ports, 'backfills' | 'runs'>, other: BackfillRecord): Promise<boolean> {
  const { completed, slices } = await backfillProgress(ports, other);
  if (completed < slices) return false;
  await ports.backfills.close(other, 'Completed');
  return true;
}
