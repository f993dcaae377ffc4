import { RunStateError } from '../../core/errors/run-state-error.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunState } from '../ports/run-store.ts';
import { requireRun } from '../run/enter.ts';
import type { Admission } from './admit.ts';

const open: readonly RunState[] = ['Triggered', 'Running', 'AwaitingReview'];

/**
 * Of a run that went on while a call of the step before was on its way: what it needed it has, or has lent meanwhile.
 * Throws `RunStateError` where it has ended, or is being undone.
 */
export async function wentOn(ports: Pick<Ports, 'runs'>, run: string): Promise<Admission & { outcome: 'admitted' }> {
  const { state, phase } = await requireRun(ports, run);
  if (open.includes(state) && phase !== 'Compensating') return { outcome: 'admitted' };
  throw new RunStateError({
    problem: `run "${run}" has ended before it could go on`,
    received: state,
    allowed: open,
    change: 'start a new run',
  });
}
