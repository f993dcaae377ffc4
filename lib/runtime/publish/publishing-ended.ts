import { RunStateError } from '../../core/errors/run-state-error.ts';

/** Compensation has shut the door while a commit was on its way. */
export function publishingEnded(run: string): RunStateError {
  return new RunStateError({
    problem: `run "${run}" was ended while it was publishing`,
    received: 'not Running (Completing)',
    allowed: 'Running (Completing)',
    change: 'start a new run',
  });
}
