import { leaseNeeds } from '../component/lease-needs.ts';
import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';
import { counted } from './print.ts';

/** What a run waits for that has not begun, or that goes on after a review. */
export interface RunWait {
  /** `pipeline/<name>` or `resource/<name>`: what the runs share. */
  readonly lease: string;
  /** Runs that may have it at the same time. */
  readonly limit: number;
  /** Runs that have it. */
  readonly holders: readonly string[];
  /** Runs that came before this one and wait, too. */
  readonly ahead: number;
}

/** Undefined where a run is at work, or waits for nothing that others have. */
export async function runWait(
  platform: Pick<Platform, 'leases' | 'storedPlan'>,
  { run, state, phase, pipeline, planDigest }: Run,
): Promise<RunWait | undefined> {
  if (state !== 'Triggered' && phase !== 'Decided') return undefined;
  const plan = await platform.storedPlan(pipeline, planDigest);
  for (const { name: lease, limit } of plan ? leaseNeeds(plan) : []) {
    const { holders, waiting } = await platform.leases.find(lease);
    const since = waiting[run];
    if (since === undefined) continue;
    const ahead = Object.values(waiting).filter((other) => other < since).length;
    return { lease, limit, holders: Object.keys(holders), ahead };
  }
  return undefined;
}

/** `for the share "warehouse", which orders-4bbd… has; 2 runs wait before it`. */
export function waitText({ lease, limit, holders, ahead }: RunWait): string {
  const [kind, name] = lease.split('/') as [string, string];
  const what = kind === 'pipeline' ? `for its turn among the runs of ${name}` : `for the share "${name}"`;
  const most = limit > 1 ? ` of ${limit} at a time` : '';
  const who =
    holders.length === 0
      ? ', which is free: it asks again soon'
      : `, which ${listed(holders)} ${holders.length > 1 ? 'have' : 'has'}`;
  const before = ahead > 0 ? `; ${counted(ahead, 'run')} ${ahead > 1 ? 'wait' : 'waits'} before it` : '';
  return `${what}${most}${who}${before}`;
}

const mostNamed = 3;

function listed(runs: readonly string[]): string {
  const more = runs.length - mostNamed;
  return runs.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
