import { RunStateError } from '../../core/errors/run-state-error.ts';
import { cancelledError, wholeRun } from '../compensate.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunFailure, RunState } from '../ports/run-store.ts';
import { requireRun } from '../run/enter.ts';

export interface CancelRequest {
  readonly run: string;
  readonly stateMachineArn: string;
  /** Who cancels; kept with the run and in the audit. */
  readonly by: string;
}

const open: readonly RunState[] = ['Triggered', 'Running', 'AwaitingReview'];

/**
 * Stops a run. Its way to publish is shut first, so that none can be cancelled and publish all the same; what it has
 * written is undone when its execution has stopped. Throws `RunMissingError`, and `RunStateError` where it has ended.
 */
export async function cancelRun(
  ports: Pick<Ports, 'runs' | 'executions' | 'clock' | 'logger'>,
  { run, stateMachineArn, by }: CancelRequest,
): Promise<void> {
  const { pipeline } = await requireRun(ports, run);
  const cause = `cancelled by ${by}`.slice(0, 1_000);
  const failure: RunFailure = {
    error: cancelledError,
    code: 'RUN_CANCELLED',
    message: cause,
    state: wholeRun,
    kind: 'permanent',
    disposition: 'terminal',
  };
  const at = ports.clock.now();
  const shut = await ports.runs.change({
    run,
    from: open.map((state) => ({ state })),
    to: { state: 'Running', phase: 'Compensating' },
    at,
    facts: { failure },
    audit: { at, by, action: 'cancel', pipeline, run },
  });
  if (!shut) throw await tooLate(ports, run);
  await ports.executions.stop({ stateMachineArn, name: run, error: failure.error, cause });
  ports.logger.info('run cancelled', { run, by });
}

async function tooLate(ports: Pick<Ports, 'runs'>, run: string): Promise<RunStateError> {
  const { state, publish } = await requireRun(ports, run);
  const tables = Object.values(publish?.tables ?? {}).map(({ table }) => table);
  const published = state === 'Completed' && tables.length > 0 ? ` and has published ${tables.join(', ')}` : '';
  return new RunStateError({
    problem: `run "${run}" has ended and can not be cancelled any more`,
    received: `${state}${published}`,
    allowed: open,
    change: 'nothing was changed',
  });
}
