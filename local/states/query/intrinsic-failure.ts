import { IntrinsicError, MissingArgumentError } from '../intrinsics/intrinsic.ts';
import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';

/** What went wrong with an intrinsic function as the failure of its state; undefined where it was something else. */
export function intrinsicFailure(visit: Visit, text: string, error: unknown): StatesError | undefined {
  const what = `The function '${text}' had the following error: ${(error as Error).message}`;
  if (error instanceof MissingArgumentError) return visit.runtimeError(what);
  return error instanceof IntrinsicError ? new StatesError('States.IntrinsicFailure', visit.explain(what)) : undefined;
}
