import { createContext, Script } from 'node:vm';
import { StepFailedError } from '../errors.ts';
import { type CallResult, callColumns, callRow, type RowCall } from './call-values.ts';

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
      results.push(this.#stoppedRow());
    }
    return results;
  }

  /**
   * The same for a function that is given columns. A batch that throws is halved until the rows at fault are alone; of one
   * that was stopped each row is tried alone.
   *
   * @param columnsOf columns of the rows `from` to `to`, exclusive
   */
  callBatch(rows: number, columnsOf: (from: number, to: number) => object): CallResult[] {
    const results: CallResult[] = [];
    const attempt = (from: number, to: number): void => {
      let outcome: ReturnType<typeof callColumns> | undefined;
      this.#inTime(() => {
        outcome = callColumns(this.#call, columnsOf(from, to), to - from);
      });
      const alone = to - from === 1;
      if (outcome && !('error' in outcome)) results.push(...outcome);
      else if (alone) results.push(outcome ?? this.#stoppedRow());
      else if (outcome) {
        const middle = Math.ceil((from + to) / 2);
        attempt(from, middle);
        attempt(middle, to);
      } else for (let row = from; row < to; row++) attempt(row, row + 1);
    };
    if (rows > 0) attempt(0, rows);
    return results;
  }

  #stoppedRow(): CallResult {
    if (++this.#stopped > mostStopped) throw this.#endless();
    return { error: `the function did not return within ${this.#deadlineSeconds} s and was stopped` };
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
