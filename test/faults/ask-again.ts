import type { Plan } from '../../lib/component/plan.ts';
import { beginBackfill } from '../../lib/runtime/backfill/begin-backfill.ts';
import { type PlannedBackfill, planBackfill } from '../../lib/runtime/backfill/plan-backfill.ts';
import { runBackfill } from '../../lib/runtime/backfill/run-backfill.ts';
import { dayOf } from './growth.ts';
import type { Backfill } from './history.ts';
import type { Person } from './world/person.ts';

/** How often the command looks after its slices: less often than a person's does, because each look is a call. */
const lookMilliseconds = 10_000;

interface Asked {
  readonly plan: Plan;
  readonly planDigest: string;
  readonly stateMachineArn: string;
  readonly by: string;
  readonly parallel: number;
}

export function plannedOf(plan: Plan, { from, to, days }: Backfill, now: number): PlannedBackfill {
  return planBackfill({ plan, from: dayOf(from), to: dayOf(to), slice: `${days} days` }, now);
}

/** A backfill as the command does it, from its beginning or where it was left. */
export async function askAgain(
  person: Person,
  planned: PlannedBackfill,
  { plan, planDigest, stateMachineArn, by, parallel }: Asked,
): Promise<void> {
  const { clock } = person;
  const sleep = (_milliseconds: number, signal?: AbortSignal) => clock.sleep(lookMilliseconds, signal);
  const ports = { ...person, clock: { now: () => clock.now(), after: clock.after, sleep } };
  const begun = await beginBackfill(ports, plan, planned, by);
  await runBackfill(ports, { begun, planDigest, stateMachineArn, parallel });
}
