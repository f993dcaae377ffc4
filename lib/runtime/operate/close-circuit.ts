import { CircuitStateError } from '../../core/errors/circuit-state-error.ts';
import { asClosed } from '../circuit/next-circuit.ts';
import type { Circuits } from '../ports/circuits.ts';
import type { Ports } from '../ports/ports.ts';

export interface CloseRequest {
  readonly system: string;
  /** Who does it; kept in the audit. */
  readonly by: string;
}

/**
 * Lets a system be called again at once, by all workers; what waits for it comes back when its time is over. Throws
 * `CircuitStateError` where its circuit is closed.
 */
export async function closeCircuit(
  { circuits, clock }: Pick<Ports, 'clock'> & { readonly circuits: Circuits },
  { system, by }: CloseRequest,
): Promise<void> {
  for (;;) {
    const circuit = await circuits.find(system);
    const at = clock.now();
    if (!circuit || circuit.state === 'closed') throw notOpen(system);
    // Workers may be changing it at the same time.
    const { pipeline, state: was } = circuit;
    const audit = { at, by, action: 'close-circuit', pipeline, detail: { system, was } } as const;
    if (await circuits.change(asClosed(circuit, { system, pipeline, at, by }), audit)) return;
  }
}

function notOpen(system: string): CircuitStateError {
  return new CircuitStateError({
    problem: `the circuit of the system "${system}" is closed already`,
    received: 'closed',
    allowed: 'open, half-open',
    change: 'nothing was changed',
  });
}
