/** Values of which the newest few are kept, by name, each for as long as its owner is there. */
export class Newest<Value> {
  readonly #most: number;
  readonly #kept = new WeakMap<object, Map<string, Value>>();

  constructor(most: number) {
    this.#most = most;
  }

  get(owner: object, name: string): Value | undefined {
    return this.#kept.get(owner)?.get(name);
  }

  set(owner: object, name: string, value: Value): void {
    const kept = this.#kept.get(owner) ?? new Map<string, Value>();
    this.#kept.set(owner, kept);
    kept.delete(name);
    kept.set(name, value);
    if (kept.size > this.#most) kept.delete(kept.keys().next().value!);
  }
}
