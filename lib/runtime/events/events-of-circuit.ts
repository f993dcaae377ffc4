import type { PenstockEvent } from '../ports/bus.ts';
import type { Circuit, CircuitState } from '../ports/circuits.ts';

const types = {
  open: 'CircuitOpened',
  'half-open': 'CircuitProbed',
  closed: 'CircuitClosed',
} as const satisfies Record<CircuitState, PenstockEvent['type']>;

/** What the last change of a circuit means; that one more failure was counted means nothing yet. */
export function eventsOfCircuit(circuit: Circuit): readonly PenstockEvent[] {
  const { system, state, version, failures, error, retryAt, by, pipeline, at } = circuit;
  if (state === 'closed' && failures > 0) return [];
  const detail = {
    system,
    version,
    failures,
    ...(error !== undefined && { error }),
    ...(retryAt !== undefined && { retryAt: new Date(retryAt).toISOString() }),
    ...(by !== undefined && { by }),
    record: circuit,
  };
  return [{ type: types[state], pipeline, at, detail }];
}
