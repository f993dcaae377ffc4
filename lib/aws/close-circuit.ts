import { realClock } from '../core/clock.ts';
import { type CloseRequest, closeCircuit } from '../runtime/operate/close-circuit.ts';
import type { Circuits } from '../runtime/ports/circuits.ts';

export type { CloseRequest };

/** Closes a circuit from outside of the functions. Throws as `closeCircuit` of runtime. */
export function closeOnAws({ circuits }: { readonly circuits: Circuits }, request: CloseRequest): Promise<void> {
  return closeCircuit({ circuits, clock: realClock() }, request);
}
