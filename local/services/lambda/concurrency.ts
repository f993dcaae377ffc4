import { AwsError } from '../../aws-error.ts';
import type { LambdaState } from './state.ts';

/** Holds functions to their reserved concurrency, and the others to what the account has left. */
export class Concurrency {
  readonly #state: LambdaState;
  readonly #accountLimit: number;
  readonly #running = new Map<string, number>();

  constructor(state: LambdaState, accountLimit: number) {
    this.#state = state;
    this.#accountLimit = accountLimit;
  }

  /** The account's concurrency that no function has reserved. */
  get unreserved(): number {
    let reserved = 0;
    for (const record of this.#state.functions.values()) reserved += record.reservedConcurrency ?? 0;
    return this.#accountLimit - reserved;
  }

  /** Takes one place for an invocation; call the result to give it back. Throws `TooManyRequestsException`. */
  enter(name: string): () => void {
    const reserved = this.#state.functions.get(name)?.reservedConcurrency;
    const running = reserved === undefined ? this.#unreservedRunning() : (this.#running.get(name) ?? 0);
    if (running >= (reserved ?? this.unreserved)) {
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason:
          reserved === undefined
            ? 'ConcurrentInvocationLimitExceeded'
            : 'ReservedFunctionConcurrentInvocationLimitExceeded',
        Type: 'User',
      });
    }
    this.#running.set(name, (this.#running.get(name) ?? 0) + 1);
    return () => this.#running.set(name, this.#running.get(name)! - 1);
  }

  /**
   * Takes an invocation out of the account's count while it waits for room on this machine, which on AWS it would not
   * have to; call the result when it goes on. A reserved concurrency counts it nevertheless.
   */
  waits(name: string): () => void {
    if (this.#state.functions.get(name)?.reservedConcurrency !== undefined) return () => {};
    this.#running.set(name, this.#running.get(name)! - 1);
    return () => this.#running.set(name, this.#running.get(name)! + 1);
  }

  #unreservedRunning(): number {
    let running = 0;
    for (const [name, count] of this.#running) {
      if (this.#state.functions.get(name)?.reservedConcurrency === undefined) running += count;
    }
    return running;
  }
}
