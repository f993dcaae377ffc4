import { createContext, Script } from 'node:vm';
import { StepFailedError } from '../errors.ts';
import { type CallResult, callRow, type RowCall } from './call-values.ts';

const defaultDeadlineSeconds = 10;
/** A function that is stopped more often than this is at fault, not its rows. */
const mostStopped = 10;

/**
 * Calls a user's function for batches of rows, and stops it where it does not come to an end: V8 breaks off whatever
 * runs under a script whose time is up, an endless loop as well as a regular expression that backtracks.
 *
 * A batch has the deadline of one row. Where it passes, the row that was at work is tried once more alone, with all of
 * the time for itself, so that a row is never rejected for what the rows before it took.
 */
export class BatchCaller {
  readonly #call: RowCall;
  readonly #step: string;
  readonly #deadlineSeconds: number;
  readonly #script = new Script('work()');
  readonly #context = createContext({ work: () => {} });
  #stopped = 0;

  /** @param step id, for errors */
  constructor(call: RowCall, step: string, deadlineSeconds = defaultDeadlineSeconds) {
    this.#call = call;
    this.#step = step;
    this.#deadlineSeconds = deadlineSeconds;
  }

  /** What became of each row. Throws `StepFailedError` where the function had to be stopped again and again. */
  call(rows: number, rowAt: (index: number) => object): CallResult[] {
    const results: CallResult[] = [];
    const one = () => results.push(callRow(this.#call, rowAt(results.length)));
    const rest = () => {
      while (results.length < rows) one();
    };
    while (!this.#inTime(rest)) {
      const row = results.length;
      if (row === rows || this.#inTime(one) || results.length > row) continue;
      results.push({ error: `the function did not return within ${this.#deadlineSeconds} s and was stopped` });
      if (++this.#stopped > mostStopped) throw this.#endless();
    }
    return results;
  }

  #inTime(work: () => void): boolean {
    this.#context.work = work;
    try {
      this.#script.runInContext(this.#context, { timeout: Math.ceil(this.#deadlineSeconds * 1000) });
      return true;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
      throw cause;
    }
  }

  #endless(): StepFailedError {
    return new StepFailedError({
      problem: `the function of step ${this.#step} had to be stopped for more than ${mostStopped} rows of one chunk`,
      received: `${this.#deadlineSeconds} s each`,
      allowed: 'a function that comes to an end for every row',
      change: 'look for a loop without an end or a regular expression that backtracks, or raise deadlineSeconds',
    });
  }
}
