import { leaseNeeds } from '../../component/lease-needs.ts';
import type { Plan } from '../../component/plan.ts';
import type { Ports } from '../ports/ports.ts';
import { requireRun } from '../run/enter.ts';

/**
 * Takes a run out of the lines that a late call has put it in while a person decides about it: others would wait behind
 * it for as long. One that takes its shares again meanwhile stands in line once more when it asks the next time.
 */
export async function leaveLine(
  ports: Pick<Ports, 'leases' | 'runs'>,
  { pipeline, shares }: Plan,
  run: string,
): Promise<void> {
  const { state } = await requireRun(ports, run);
  if (state !== 'AwaitingReview') return;
  for (const { name } of leaseNeeds({ pipeline, shares })) await ports.leases.leave(name, run);
}
