import { DelayedError } from './delayed-error.ts';

/** A system outside fails again and again, so it is left alone for a while. It was not called. */
export class CircuitOpenError extends DelayedError {
  override readonly name = 'CircuitOpenError';
  readonly code = 'CIRCUIT_OPEN';
}
