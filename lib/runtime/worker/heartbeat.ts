import { second } from '../../core/durations.ts';
import { ChunkInterruptedError } from '../../core/errors/chunk-interrupted-error.ts';
import { failureOf } from '../failure.ts';
import type { Ports } from '../ports/ports.ts';

const interval = 15 * second;

/**
 * Tells the machine every 15 seconds that the work goes on, for as long as it does. The signal given to `work` is
 * aborted as soon as the machine answers that it waits no longer.
 */
export async function withHeartbeat<Result>(
  ports: Pick<Ports, 'tasks' | 'clock' | 'logger'>,
  taskToken: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  let over = false;
  const beat = async () => {
    try {
      if ((await ports.tasks.heartbeat(taskToken)) === 'gone' && !over) controller.abort(interrupted());
    } catch (error) {
      // One lost heartbeat is no reason to stop: the machine's own timeout decides.
      ports.logger.warn('heartbeat failed', { error: failureOf(error).error });
    }
    if (!over && !controller.signal.aborted) timer = ports.clock.after(interval, beat);
  };
  let timer = ports.clock.after(interval, beat);
  try {
    return await work(controller.signal);
  } finally {
    over = true;
    timer.cancel();
  }
}

function interrupted(): ChunkInterruptedError {
  return new ChunkInterruptedError({
    problem: 'the state machine waits for this chunk no longer',
    change: 'nothing: another attempt is on its way or the run has ended',
  });
}
