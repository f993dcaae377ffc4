import { type LeaseNeed, leaseNeeds } from '../../component/lease-needs.ts';
import type { Plan } from '../../component/plan.ts';
import { second } from '../../core/durations.ts';
import type { StageInput } from '../messages.ts';
import type { Lease } from '../ports/leases.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunChange } from '../ports/run-store.ts';
import { hasEnded } from './has-ended.ts';
import { replaceRun } from './replace-run.ts';

/** Whether a run may begin now, has to ask again, or is not to begin at all because of run `by`. */
export type Admission =
  | { readonly outcome: 'admitted' }
  | {
      readonly outcome: 'waiting';
      /** Until the next question. */
      readonly waitSeconds: number;
      /** A run whose place this one takes: its execution is to be stopped. */
      readonly replaces?: string;
    }
  | { readonly outcome: 'skipped'; readonly by: string };

type AdmissionPorts = Pick<Ports, 'leases' | 'runs' | 'clock' | 'logger'>;

/** The run that asks. */
export interface Asking {
  readonly plan: Plan;
  readonly input: StageInput;
  /** States in which the run takes what it needs. */
  readonly during: RunChange['from'];
  /** When it began to wait, in milliseconds since the epoch. Default: when it started. */
  readonly since?: number;
}

/**
 * Takes all leases that the run needs, in order. Asking again is harmless. Undefined where the run is in none of those
 * states any longer: this call comes late, and has taken nothing since.
 */
export async function admit(ports: AdmissionPorts, asking: Asking): Promise<Admission | undefined> {
  const { plan, input, during, since = Date.parse(input.startedAt) } = asking;
  // Slices of a backfill run beside the pipeline's own runs, which they neither wait for nor hold up.
  const { overlap, ...shared } = plan;
  for (const need of leaseNeeds(input.trigger.kind === 'backfill' ? shared : plan)) {
    const hindrance = await takeLease(ports, need, asking);
    if (hindrance === undefined) continue;
    if (hindrance === 'late') return undefined;
    const { leftTo, replaces, stands } = hindrance;
    if (leftTo !== undefined) return { outcome: 'skipped', by: leftTo };
    if (!stands && !(await ports.leases.wait(need.name, input.run, input.startedAt, during))) return undefined;
    return { outcome: 'waiting', waitSeconds: patience(ports, since), ...(replaces !== undefined && { replaces }) };
  }
  return { outcome: 'admitted' };
}

/** What keeps a run from a lease: it is to wait, for a run that it replaces or any, or to leave it to another run. */
interface Hindrance {
  /** It stands in line already. */
  readonly stands: boolean;
  readonly leftTo?: string;
  readonly replaces?: string;
}

/** Undefined: the run has it. */
async function takeLease(
  ports: AdmissionPorts,
  { name, limit, policy }: LeaseNeed,
  { plan, input, during }: Asking,
): Promise<Hindrance | 'late' | undefined> {
  const lease = await withoutEnded(ports, name, input.run);
  const { run } = input;
  const others = Object.keys(lease.holders).filter((holder) => holder !== run);
  const ahead = run in lease.holders || policy !== 'queue' ? [] : waitingAhead(lease, input);
  if (others.length + ahead.length < limit) {
    const outcome = await ports.leases.admit(name, run, limit, during);
    if (outcome !== 'full') return outcome === 'late' ? 'late' : undefined;
  }
  const stands = run in lease.waiting;
  if (policy === 'queue') return { stands };
  // Where another was faster since.
  const [first] = others.length > 0 ? others : Object.keys((await ports.leases.find(name)).holders);
  if (first === undefined) return { stands };
  return { stands, ...(policy === 'skip' ? { leftTo: first } : await replaceOlder(ports, others, { plan, input })) };
}

/** Runs that began to wait earlier, those that have ended aside; the first of them is looked at each time. */
function waitingAhead({ waiting }: Lease, { run, startedAt }: StageInput): readonly string[] {
  const place = (of: string, since: string) => `${since} ${of}`;
  const mine = place(run, startedAt);
  return Object.entries(waiting).flatMap(([other, since]) => (place(other, since) < mine ? [other] : []));
}

/** The lease once it is taken from runs that ended without giving it back. Their records say so; no time limit does. */
async function withoutEnded(ports: AdmissionPorts, name: string, run: string): Promise<Lease> {
  const lease = await ports.leases.find(name);
  let isAsRead = true;
  for (const [holder, fence] of Object.entries(lease.holders)) {
    if (holder === run || !(await hasEnded(ports, holder))) continue;
    await ports.leases.expire(name, holder, fence);
    isAsRead = false;
  }
  const [first] = Object.entries(lease.waiting).toSorted(([a, since], [b, then]) =>
    `${since} ${a}` < `${then} ${b}` ? -1 : 1,
  );
  if (first && first[0] !== run && (await hasEnded(ports, first[0]))) {
    await ports.leases.release(name, first[0]);
    isAsRead = false;
  }
  return isAsRead ? lease : ports.leases.find(name);
}

/** Ends the runs that began before this one, but leaves it to one that began later. */
async function replaceOlder(
  ports: AdmissionPorts,
  others: readonly string[],
  { plan, input: { run, startedAt } }: Pick<Asking, 'plan' | 'input'>,
): Promise<Pick<Hindrance, 'leftTo' | 'replaces'>> {
  const replaced: string[] = [];
  for (const other of others) {
    const record = await ports.runs.find(other);
    if (!record) continue;
    if (`${record.startedAt} ${other}` > `${startedAt} ${run}`) return { leftTo: other };
    if (await replaceRun(ports, { plan, record, by: run })) replaced.push(other);
  }
  return replaced[0] === undefined ? {} : { replaces: replaced[0] };
}

/** A tenth of the time that the run has waited: soon at first, seldom later, and a history that stays short. */
function patience({ clock }: AdmissionPorts, since: number): number {
  const waited = (clock.now() - since) / second;
  return Math.round(Math.min(300, Math.max(5, waited / 10)));
}
