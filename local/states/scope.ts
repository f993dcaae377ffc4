import type { Json } from './json.ts';

/** The variables of one workflow level. Inner levels (Map iterations, Parallel branches) read outer ones, never set them. */
export class Scope {
  readonly #outer: Scope | undefined;
  #values: Map<string, Json>;

  constructor(outer?: Scope, values?: Record<string, Json>) {
    this.#outer = outer;
    this.#values = new Map(Object.entries(values ?? {}));
  }

  has(name: string): boolean {
    return this.#values.has(name) || (this.#outer?.has(name) ?? false);
  }

  get(name: string): Json {
    return this.#values.has(name) ? this.#values.get(name) : this.#outer?.get(name);
  }

  assign(values: Record<string, Json>): void {
    for (const [name, value] of Object.entries(values)) this.#values.set(name, value);
  }

  /** Every visible variable by name, inner before outer. */
  visible(): Record<string, Json> {
    const all = this.#outer?.visible() ?? {};
    for (const [name, value] of this.#values) all[name] = value;
    return all;
  }

  /** This level's own variables, for a checkpoint. */
  own(): Record<string, Json> {
    return Object.fromEntries(this.#values);
  }
}
