/** Counts work that goes on where this process cannot see it. */
export class Holds {
  #count = 0;
  #waiting: (() => void)[] = [];

  get any(): boolean {
    return this.#count > 0;
  }

  /** Takes a hold; the returned function gives it back, once. */
  take(): () => void {
    this.#count++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#count--;
      if (this.#count > 0) return;
      for (const wake of this.#waiting.splice(0)) wake();
    };
  }

  async released(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
