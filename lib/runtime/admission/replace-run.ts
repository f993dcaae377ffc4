import type { Plan } from '../../component/plan.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunFailure, RunRecord } from '../ports/run-store.ts';
import { leftFiles } from './left-files.ts';

interface Replacement {
  readonly plan: Plan;
  /** Of the older run. */
  readonly record: Pick<RunRecord, 'run' | 'trigger'>;
  /** The newer one. */
  readonly by: string;
}

/**
 * Shuts a run's way to publish because a newer one takes its place: it is undone when its execution is stopped, or at its
 * next step. A run that has begun to publish, or waits for a person, is left to its end. True: the way is shut.
 */
export async function replaceRun(
  ports: Pick<Ports, 'runs' | 'clock' | 'logger'>,
  { plan, record: { run, trigger }, by }: Replacement,
): Promise<boolean> {
  const failure: RunFailure = {
    error: 'RunCancelledError',
    code: 'RUN_CANCELLED',
    message: `run ${by} has taken its place; ${leftFiles(plan, trigger, run)}`,
    state: 'Initialize',
    disposition: 'terminal',
    kind: 'permanent',
  };
  const phases = ['Initializing', 'Retrying', 'Executing', 'Assessing'] as const;
  const shut = await ports.runs.change({
    run,
    from: [{ state: 'Triggered' }, ...phases.map((phase) => ({ state: 'Running' as const, phase }))],
    to: { state: 'Running', phase: 'Compensating' },
    at: ports.clock.now(),
    facts: { failure },
  });
  if (shut) ports.logger.info('run replaced', { run, by });
  if (shut) return true;
  const { state, phase, failure: reason } = (await ports.runs.find(run)) ?? {};
  return state === 'Running' && phase === 'Compensating' && reason?.error === failure.error;
}
