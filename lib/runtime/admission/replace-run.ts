import type { Ports } from '../ports/ports.ts';
import type { RunFailure } from '../ports/run-store.ts';

/**
 * Shuts a run's way to publish because a newer one takes its place. Its next step fails on that, and it is undone. A run
 * that has begun to publish, or waits for a person, is left to its end.
 */
export async function replaceRun(
  ports: Pick<Ports, 'runs' | 'clock' | 'logger'>,
  run: string,
  by: string,
): Promise<void> {
  const failure: RunFailure = {
    error: 'RunCancelledError',
    code: 'RUN_CANCELLED',
    message: `run ${by} has taken its place`,
    state: 'Initialize',
    disposition: 'terminal',
    kind: 'permanent',
  };
  const phases = ['Initializing', 'Executing', 'Assessing'] as const;
  const shut = await ports.runs.change({
    run,
    from: [{ state: 'Triggered' }, ...phases.map((phase) => ({ state: 'Running' as const, phase }))],
    to: { state: 'Running', phase: 'Compensating' },
    at: ports.clock.now(),
    facts: { failure },
  });
  if (shut) ports.logger.info('run replaced', { run, by });
}
