import { leaseNeeds } from '../../component/lease-needs.ts';
import type { Plan } from '../../component/plan.ts';
import type { Ports } from '../ports/ports.ts';

/** A lease that a run needs, and its taking of it. */
export interface HeldLease {
  readonly name: string;
  /** Absent: the run does not have it, and perhaps waits for it. */
  readonly fence?: number;
}

/** Lets the next runs begin. Called at every end of a run; doing it again is harmless. */
export async function releaseLeases(ports: Pick<Ports, 'leases'>, plan: Plan, run: string): Promise<void> {
  for (const { name } of leaseNeeds(plan).reverse()) await ports.leases.release(name, run);
}

/** What a run has of what its plan needs. */
export async function heldLeases(
  { leases }: Pick<Ports, 'leases'>,
  plan: Parameters<typeof leaseNeeds>[0],
  run: string,
): Promise<readonly HeldLease[]> {
  const held: HeldLease[] = [];
  for (const { name } of leaseNeeds(plan)) {
    const fence = (await leases.find(name)).holders[run];
    held.push(fence === undefined ? { name } : { name, fence });
  }
  return held;
}

/**
 * Lets the next runs begin, where the run may be redriven as soon as it has ended: what is given back late is what it had
 * before, and not what it has taken anew.
 */
export async function releaseHeld(
  { leases }: Pick<Ports, 'leases'>,
  held: readonly HeldLease[],
  run: string,
): Promise<void> {
  for (const { name, fence } of held.toReversed()) {
    if (fence === undefined) await leases.leave(name, run);
    else await leases.expire(name, run, fence);
  }
}
