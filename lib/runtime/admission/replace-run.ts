import type { Ports } from '../ports/ports.ts';
import type { RunFailure } from '../ports/run-store.ts';

/**
 * Shuts a run's way to publish because a newer one takes its place: it is undone when its execution is stopped, or at its
 * next step. A run that has begun to publish, or waits for a person, is left to its end. True: the way is shut.
 */
export async function replaceRun(
  ports: Pick<Ports, 'runs' | 'clock' | 'logger'>,
  run: string,
  by: string,
): Promise<boolean> {
  const failure: RunFailure = {
    error: 'RunCancelledError',
    code: 'RUN_CANCELLED',
    message: `run ${by} has taken its place`,
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
