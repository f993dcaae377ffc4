import type { Json } from './json.ts';

/** The variables of one workflow level. Inner levels (Map iterations, Parallel branches) read outer ones, never set them. */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #values: Map<string, Json>;
  /** How many bytes each value's JSON text has. */
  readonly #sizes = new Map<string, number>();

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

  /** Sets variables; `texts` are their values as JSON. Returns how many bytes of UTF-8 those texts have together. */
  assign(values: Record<string, Json>, texts: Record<string, string>): number {
    let assigned = 0;
    for (const [name, value] of Object.entries(values)) {
      const size = Buffer.byteLength(texts[name]!);
      this.#values.set(name, value);
      this.#sizes.set(name, size);
      assigned += size;
    }
    return assigned;
  }

  /** How many bytes the JSON texts of all visible variables have together. */
  get size(): number {
    let size = this.#outer?.size ?? 0;
    for (const own of this.#sizes.values()) size += own;
    return size;
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
