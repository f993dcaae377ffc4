import type { Plan } from '../../component/plan.ts';
import { RunStateError } from '../../core/errors/run-state-error.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunState } from '../ports/run-store.ts';
import { requireRun } from '../run/enter.ts';
import { releaseLeases } from './release-leases.ts';

const open: readonly RunState[] = ['Triggered', 'Running', 'AwaitingReview'];

/**
 * Of a run that has ended, or is being undone, gives back what was taken behind its end, when all that it held had been
 * given back. Throws `RunStateError` then.
 */
export async function requireNotEnded(ports: Pick<Ports, 'runs' | 'leases'>, plan: Plan, run: string): Promise<void> {
  const { state, phase } = await requireRun(ports, run);
  if (open.includes(state) && phase !== 'Compensating') return;
  await releaseLeases(ports, plan, run);
  throw new RunStateError({
    problem: `run "${run}" has ended before it could go on`,
    received: state,
    allowed: open,
    change: 'start a new run',
  });
}
