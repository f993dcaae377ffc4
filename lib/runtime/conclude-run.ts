import { TerminalError } from '../core/errors/terminal-error.ts';
import type { ConclusionInput } from './messages.ts';
import type { Ports } from './ports/ports.ts';

/**
 * Lets a run that failed end under the name of what went wrong: it always throws. But where the run is being redriven,
 * the state that asked is the one that Step Functions goes on from, and the run begins again.
 */
export async function concludeRun(
  { runs }: Pick<Ports, 'runs'>,
  { run, error }: ConclusionInput,
): Promise<{ readonly redriven: true }> {
  const record = await runs.find(run);
  if (record?.state === 'Running' && record.phase === 'Retrying') return { redriven: true };
  throw new RunFailedError(error);
}

/** Has the name of what went wrong, so that the execution fails under it. */
class RunFailedError extends TerminalError {
  readonly code = 'RUN_FAILED';

  constructor({ Error: name, Cause }: ConclusionInput['error']) {
    super({ problem: Cause || name, change: 'see `npx penstock run show`' });
    this.name = name;
  }
}
