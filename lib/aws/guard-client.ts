import type { Breaker } from '../runtime/circuit/breaker.ts';
import { findingOf } from '../runtime/circuit/trouble.ts';
import { translated } from './translate-failure.ts';

/** The part of an SDK client that this takes. */
export interface GuardedClient {
  readonly middlewareStack: {
    add(middleware: (next: any) => (args: any) => Promise<any>, options: object): void;
  };
}

/**
 * Lets a client ask the circuit of its system before each call. It stands before the client's own attempts, so that
 * only what all of these could not mend is counted.
 */
export function guardClient<Guarded extends GuardedClient>(client: Guarded, system: string, breaker: Breaker): Guarded {
  client.middlewareStack.add(
    (next) => (args) =>
      breaker.call(
        system,
        () => next(args),
        (error) => findingOf(translated(system, error)),
      ),
    { step: 'initialize', priority: 'high', name: 'penstockCircuit' },
  );
  return client;
}
