import type { IntrinsicError } from '../intrinsics/intrinsic.ts';
import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';

/** An intrinsic function that could not be computed, as the failure of its state. */
export function intrinsicFailure(visit: Visit, text: string, { message }: IntrinsicError): StatesError {
  const what = `The function '${text}' had the following error: ${message}`;
  return new StatesError('States.IntrinsicFailure', visit.explain(what));
}
