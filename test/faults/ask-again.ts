import type { Plan } from '../../lib/component/plan.ts';
import { beginBackfill } from '../../lib/runtime/backfill/begin-backfill.ts';
import { planBackfill } from '../../lib/runtime/backfill/plan-backfill.ts';
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
}

/** A backfill as the command does it, from its beginning or where it was left. */
export async function askAgain(person: Person, { from, to, days, parallel }: Backfill, asked: Asked): Promise<void> {
  const { clock } = person;
  const sleep = (_milliseconds: number, signal?: AbortSignal) => clock.sleep(lookMilliseconds, signal);
  const ports = { ...person, clock: { now: () => clock.now(), after: clock.after, sleep } };
  const request = { plan: asked.plan, from: dayOf(from), to: dayOf(to), slice: `${days} days` };
  const begun = await beginBackfill(ports, asked.plan, planBackfill(request, clock.now()), asked.by);
  const { planDigest, stateMachineArn } = asked;
  await runBackfill(ports, { begun, planDigest, stateMachineArn, parallel });
}
