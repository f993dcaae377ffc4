import { createHash } from 'node:crypto';
import { compileMachine, type Machine } from '../../states/machine.ts';
import type { Collection, Store } from '../../store.ts';

/** Definitions by their digest: an execution runs what its machine was when it started. */
export class Definitions {
  readonly #texts: Collection<string>;
  readonly #compiled = new Map<string, Machine>();

  constructor(store: Store) {
    this.#texts = store.collection('states.definitions');
  }

  /** Keeps a definition; returns its digest. */
  keep(text: string): string {
    const digest = createHash('sha256').update(text).digest('hex');
    if (!this.#texts.has(digest)) this.#texts.set(digest, text);
    return digest;
  }

  text(digest: string): string {
    return this.#texts.get(digest)!;
  }

  machine(digest: string): Machine {
    let machine = this.#compiled.get(digest);
    if (!machine) {
      machine = compileMachine(JSON.parse(this.text(digest)));
      this.#compiled.set(digest, machine);
    }
    return machine;
  }
}
