import type { Plan } from '../../component/plan.ts';
import type { Ports } from '../ports/ports.ts';
import { requireRun } from '../run/enter.ts';
import { heldLeases } from './release-leases.ts';

/**
 * Gives back what a run has of what runs of all pipelines share, while a person decides about it. Its place among the
 * runs of its own pipeline it keeps: others would read what it may still publish.
 */
export async function lendShares(
  ports: Pick<Ports, 'leases' | 'runs'>,
  { pipeline, shares }: Plan,
  run: string,
): Promise<void> {
  const held = (await heldLeases(ports, { pipeline, shares }, run)).filter(({ fence }) => fence !== undefined);
  // Undecided behind that, so none of these was taken for what comes after the decision: those have other fences.
  if (held.length === 0 || (await requireRun(ports, run)).phase !== 'Undecided') return;
  for (const { name, fence } of held) await ports.leases.expire(name, run, fence!);
}
