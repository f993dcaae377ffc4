/** Exclusive locks by name. Callers that need several take them in one call, in one order, so they never wait in a circle. */
export class Locks {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `work` while it alone holds every one of `names`. */
  async holding<T>(names: Iterable<string>, work: () => Promise<T>): Promise<T> {
    const releases: (() => void)[] = [];
    for (const name of [...new Set(names)].sort()) releases.push(await this.#take(name));
    try {
      return await work();
    } finally {
      for (const release of releases) release();
    }
  }

  async #take(name: string): Promise<() => void> {
    const before = this.#tails.get(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tails.set(name, promise);
    if (before) await before;
    return () => {
      // The last in line leaves nothing behind; otherwise the map would grow with every key ever written.
      if (this.#tails.get(name) === promise) this.#tails.delete(name);
      resolve();
    };
  }
}
