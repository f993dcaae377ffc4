import { DelayedError } from '../../core/errors/delayed-error.ts';
import { PenstockError } from '../../core/errors/penstock-error.ts';

/** A failed call that says something about the system called, not about what was asked of it. */
export interface Trouble {
  /** Name of the error. */
  readonly error: string;
  /** When the system itself wants to be called again. */
  readonly retryAfterSeconds?: number;
}

/** `answered`: the system works, whatever it thinks of the call. Undefined: nothing is known of it. */
export type Finding = Trouble | 'answered' | undefined;

/** What an error of ours says about the system that was called. */
export function findingOf(error: unknown): Finding {
  if (!(error instanceof PenstockError)) return undefined;
  if (error.kind !== 'transient' && error.kind !== 'throttled') return 'answered';
  return {
    error: error.name,
    ...(error instanceof DelayedError && { retryAfterSeconds: error.retryAfterSeconds }),
  };
}
