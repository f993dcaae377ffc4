/** What a function knows of its own objects, and can be made to forget. */
export interface ForgetfulMaps {
  readonly WeakMap: WeakMapConstructor;
  /** Empties all maps of its class. */
  forget(): void;
}

/**
 * A `WeakMap` of its own for each function. What a bundle keeps in one is what it has read before and need not read
 * again; a function of the next history must not know it, where runs may have the same names again.
 */
export function forgetfulMaps(): ForgetfulMaps {
  const maps = new Set<ForgetfulMap<WeakKey, unknown>>();

  class ForgetfulMap<Key extends WeakKey, Value> extends WeakMap<Key, Value> {
    #known = new WeakMap<Key, Value>();
    constructor(entries?: Iterable<readonly [Key, Value]> | null) {
      super();
      maps.add(this as never);
      for (const [key, value] of entries ?? []) this.set(key, value);
    }
    override get(key: Key): Value | undefined {
      return this.#known.get(key);
    }
    override has(key: Key): boolean {
      return this.#known.has(key);
    }
    override set(key: Key, value: Value): this {
      this.#known.set(key, value);
      return this;
    }
    override delete(key: Key): boolean {
      return this.#known.delete(key);
    }
    forget(): void {
      this.#known = new WeakMap();
    }
  }

  return {
    WeakMap: ForgetfulMap as unknown as WeakMapConstructor,
    forget() {
      for (const map of maps) map.forget();
    },
  };
}
