import type { Timer } from '../../lib/core/clock.ts';

interface Entry {
  readonly due: number;
  readonly sequence: number;
  /** Undefined where it was cancelled: what it holds must not stay in memory until it would have been due. */
  callback: (() => void) | undefined;
}

/** The first of several that is due by `end`, those of the first list before those of the next one. */
export function firstDue(lists: readonly Timers[], end: number): Timers | undefined {
  let first: Timers | undefined;
  for (const list of lists) {
    const due = list.nextDue();
    if (due !== undefined && due <= end && due < (first?.nextDue() ?? Number.POSITIVE_INFINITY)) first = list;
  }
  return first;
}

/** Timers of a virtual clock, soonest first; those due together in the order in which they were set. A binary heap. */
export class Timers {
  readonly #heap: Entry[] = [];
  #sequence = 0;

  add(due: number, callback: () => void): Timer {
    const entry: Entry = { due, sequence: this.#sequence++, callback };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return {
      cancel: () => {
        entry.callback = undefined;
      },
    };
  }

  /** When the next timer is due, or undefined where there is none. */
  nextDue(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.due;
  }

  /** Takes the next timer off and returns its callback. */
  take(): (() => void) | undefined {
    this.#dropCancelled();
    return this.#removeFirst()?.callback;
  }

  #dropCancelled(): void {
    while (this.#heap[0] && !this.#heap[0].callback) this.#removeFirst();
  }

  #removeFirst(): Entry | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first && last && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#before(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      let smallest = place;
      for (const child of [2 * place + 1, 2 * place + 2]) {
        if (child < this.#heap.length && this.#before(child, smallest)) smallest = child;
      }
      if (smallest === place) return;
      this.#swap(place, smallest);
      place = smallest;
    }
  }

  #before(a: number, b: number): boolean {
    const left = this.#heap[a]!;
    const right = this.#heap[b]!;
    return left.due < right.due || (left.due === right.due && left.sequence < right.sequence);
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
