import { leaseNeeds } from '../../component/lease-needs.ts';
import type { Plan } from '../../component/plan.ts';
import type { Ports } from '../ports/ports.ts';

/** Lets the next runs begin. Called at every end of a run; doing it again is harmless. */
export async function releaseLeases(ports: Pick<Ports, 'leases'>, plan: Plan, run: string): Promise<void> {
  for (const { name } of leaseNeeds(plan).reverse()) await ports.leases.release(name, run);
}
