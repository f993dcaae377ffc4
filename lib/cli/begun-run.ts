import { minute, second } from '../core/durations.ts';
import { RunStateError } from '../core/errors/run-state-error.ts';
import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';

/**
 * The record of a run whose execution has been started, as soon as there is one: its first state makes it. Throws
 * `RunStateError` where there is none after `patience` milliseconds, by default one minute.
 */
export async function begunRun(
  { runs }: { readonly runs: Pick<Platform['runs'], 'find'> },
  id: string,
  patience: number = minute,
): Promise<Run> {
  const end = performance.now() + patience;
  for (;;) {
    const run = await runs.find(id);
    if (run) return run;
    if (performance.now() > end)
      throw new RunStateError({
        problem: `run "${id}" was started and has no record, so its first state has not come to its end`,
        received: `no record after ${Math.ceil(patience / second)} s`,
        allowed: 'a record, which the state Initialize makes',
        change: 'look at its execution in the Step Functions console; once that is mended, start it anew',
      });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
