import type { Overlap, Plan } from './plan.ts';

/** A lease that a run must have before it begins. */
export interface LeaseNeed {
  readonly name: string;
  /** Runs that may have it at the same time. */
  readonly limit: number;
  readonly policy: Overlap['policy'];
}

/** In the order in which all runs take them, so that none waits for another that waits for it. */
export function leaseNeeds({
  pipeline,
  overlap,
  shares = {},
}: Pick<Plan, 'pipeline' | 'overlap' | 'shares'>): LeaseNeed[] {
  const own = overlap ? [{ name: pipelineLease(pipeline), limit: overlap.runs, policy: overlap.policy }] : [];
  const shared = Object.entries(shares).map(([resource, limit]) => {
    return { name: resourceLease(resource), limit, policy: 'queue' as const };
  });
  return [...own, ...shared.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

export function pipelineLease(pipeline: string): string {
  return `pipeline/${pipeline}`;
}

export function resourceLease(resource: string): string {
  return `resource/${resource}`;
}

/** Whose turn it is to publish a table that several runs want to publish at a time. */
export function tableLease(table: string): string {
  return `table/${table}`;
}
