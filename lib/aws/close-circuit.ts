import { realClock } from '../core/clock.ts';
import { type CloseRequest, closeCircuit } from '../runtime/operate/close-circuit.ts';
import type { Audit } from '../runtime/ports/audit.ts';
import type { Circuits } from '../runtime/ports/circuits.ts';

export type { CloseRequest };

/** Closes a circuit from outside of the functions. Throws as `closeCircuit` of runtime. */
export function closeOnAws(
  { circuits, audit }: { readonly circuits: Circuits; readonly audit: Audit },
  request: CloseRequest,
): Promise<void> {
  return closeCircuit({ circuits, audit, clock: realClock() }, request);
}
