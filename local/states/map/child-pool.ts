import type { MapRun, Outcome } from '../environment.ts';
import type { JsonObject } from '../json.ts';
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
  readonly signal: AbortSignal;
  readonly itemCount: number;
  /** The parent's variables, which children may read. */
  readonly variables: JsonObject;
  /** 0 stands for "as many as possible". */
  readonly maxConcurrency: number;
  readonly tolerated: { count: number; percentage: number };
}

/** Runs the child executions of a Map Run, at most so many at a time, until all ended or too many items failed. */
export class ChildPool {
  readonly #options: ChildPoolOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #failedItems = 0;

  constructor(options: ChildPoolOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
  }

  async runAll(children: readonly ChildInput[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    outcomes.length = children.length;
    let next = 0;
    let exceeded: StatesError | undefined;
    const worker = async () => {
      while (next < children.length && !this.#signal.aborted) {
        const index = next++;
        const outcome = await this.#runOne(index, children[index]!);
        outcomes[index] = outcome;
        exceeded ??= this.#judge(outcome, children[index]!.itemCount);
        if (exceeded) this.#stop.abort();
      }
    };
    const width = Math.min(this.#options.maxConcurrency || maxChildren, maxChildren, children.length);
    await Promise.all(Array.from({ length: width }, worker));
    if (exceeded) throw exceeded;
    this.#options.signal.throwIfAborted();
    return outcomes;
  }

  #runOne(index: number, child: ChildInput): Promise<Outcome> {
    const { run, variables } = this.#options;
    return run.runChild({ index, ...child, variables, signal: this.#signal });
  }

  /** A tolerance of 0 and 0 % takes no failure at all; where both are given, either may be exceeded. */
  #judge(outcome: Outcome, items: number): StatesError | undefined {
    if (outcome.status === 'SUCCEEDED') return undefined;
    this.#failedItems += items;
    const { tolerated, itemCount } = this.#options;
    const { count, percentage } = tolerated;
    const tooMany = this.#failedItems > count && (count > 0 || percentage === 0);
    const tooMuch = (this.#failedItems / itemCount) * 100 > percentage && (percentage > 0 || count === 0);
    if (!tooMany && !tooMuch) return undefined;
    return new StatesError(
      'States.ExceedToleratedFailureThreshold',
      'The specified tolerated failure threshold was exceeded',
    );
  }
}
