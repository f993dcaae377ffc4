import type { MapRun, MapRunLimits, Outcome } from '../environment.ts';
import type { Payload } from '../payload.ts';
import { StatesError } from '../states-error.ts';

/** AWS runs at most this many child executions of one Map Run side by side. */
const maxChildren = 10_000;

export interface ChildInput {
  readonly input: Payload;
  readonly itemCount: number;
}

export interface ChildPoolOptions {
  readonly run: MapRun;
  readonly limits: MapRunLimits;
  readonly signal: AbortSignal;
  readonly itemCount: number;
}

/** Runs the child executions of a Map Run, at most so many at a time, until all ended or too many items failed. */
export class ChildPool {
  readonly #options: ChildPoolOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #limits: MapRunLimits;
  #failedItems = 0;
  #running = 0;
  #exceeded: StatesError | undefined;

  constructor(options: ChildPoolOptions) {
    this.#options = options;
    this.#limits = options.limits;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
  }

  async runAll(children: readonly ChildInput[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    outcomes.length = children.length;
    await new Promise<void>((resolve, reject) => {
      let next = 0;
      const start = async (index: number) => {
        this.#running++;
        const outcome = await this.#runOne(index, children[index]!);
        this.#running--;
        outcomes[index] = outcome;
        if (outcome.status !== 'SUCCEEDED') this.#failedItems += children[index]!.itemCount;
        fill();
      };
      const fill = () => {
        this.#judge();
        while (next < children.length && this.#running < this.#width && !this.#signal.aborted)
          start(next++).catch(reject);
        if (this.#running === 0 && (next === children.length || this.#signal.aborted)) resolve();
      };
      this.#options.run.followLimits?.((limits) => {
        this.#limits = limits;
        fill();
      });
      fill();
    });
    if (this.#exceeded) throw this.#exceeded;
    this.#options.signal.throwIfAborted();
    return outcomes;
  }

  get #width(): number {
    return Math.min(this.#limits.maxConcurrency || maxChildren, maxChildren);
  }

  #runOne(index: number, child: ChildInput): Promise<Outcome> {
    return this.#options.run.runChild({ index, ...child, signal: this.#signal });
  }

  /** A tolerance of 0 and 0 % takes no failure at all; where both are given, either may be exceeded. */
  #judge(): void {
    const { itemCount, signal } = this.#options;
    // Children that were stopped together with the Map have not failed.
    if (this.#exceeded || this.#failedItems === 0 || signal.aborted) return;
    const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = this.#limits;
    const tooMany = this.#failedItems > count && (count > 0 || percentage === 0);
    const tooMuch = (this.#failedItems / itemCount) * 100 > percentage && (percentage > 0 || count === 0);
    if (!tooMany && !tooMuch) return;
    const cause = 'The specified tolerated failure threshold was exceeded';
    this.#exceeded = new StatesError('States.ExceedToleratedFailureThreshold', cause);
    this.#stop.abort();
  }
}
