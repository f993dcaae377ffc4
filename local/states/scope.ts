import type { Json } from './json.ts';

/** The variables of one workflow level. Inner levels (Map iterations, Parallel branches) read outer ones, never set them. */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #values: Map<string, Json>;
  /** The length of each value's JSON text, where it was measured. */
  readonly #lengths = new Map<string, number>();

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

  /** Sets variables; `texts` are their values as JSON. */
  assign(values: Record<string, Json>, texts: Record<string, string> = {}): void {
    for (const [name, value] of Object.entries(values)) {
      this.#values.set(name, value);
      this.#lengths.set(name, texts[name]?.length ?? 0);
    }
  }

  /** How long the JSON texts of all visible variables are together. */
  get length(): number {
    let length = this.#outer?.length ?? 0;
    for (const own of this.#lengths.values()) length += own;
    return length;
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
