import { type Failure, failureFields, failureOf } from '../failure.ts';
import type { ChunkMessage } from '../messages.ts';
import type { PipelineCode } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { withHeartbeat } from './heartbeat.ts';
import { beginAgain, survived } from './lost-workers.ts';
import { readMessage } from './read-message.ts';
import { withinBudget } from './retry-budget.ts';
import { type ChunkPorts, runChunk } from './run-chunk.ts';

type WorkPorts = ChunkPorts & Pick<Ports, 'tasks'>;

/** `discarded`: the machine waited no longer, so that nobody was told anything. */
export type WorkOutcome = 'succeeded' | 'failed' | 'discarded';

/**
 * Does what a message of a buffer asks for and reports to the state that waits. Returns once the message is dealt with,
 * for better or worse; throws where it must come back: the message can not be read, or the report did not get through.
 */
export async function work(ports: WorkPorts, pipeline: PipelineCode, body: string): Promise<WorkOutcome> {
  const message = await readMessage(ports, body);
  const { stage, chunk } = message.item;
  const logger = ports.logger.with({ run: message.run, stage, chunk });
  const own = { ...ports, logger };
  if ((await ports.tasks.heartbeat(message.taskToken)) === 'gone') return discard(own);
  return withHeartbeat(own, message.taskToken, (signal) => attempt(own, pipeline, message, signal));
}

async function attempt(
  ports: WorkPorts,
  pipeline: PipelineCode,
  message: ChunkMessage,
  signal: AbortSignal,
): Promise<WorkOutcome> {
  let report: Awaited<ReturnType<typeof runChunk>>;
  try {
    await beginAgain(ports, message);
    report = await runChunk(ports, pipeline, message, signal);
  } catch (error) {
    await survived(ports, message);
    return signal.aborted ? discard(ports) : fail(ports, message, error);
  }
  if ((await ports.tasks.succeed(message.taskToken, report)) !== 'gone') return 'succeeded';
  await survived(ports, message);
  return discard(ports);
}

async function fail(ports: WorkPorts, message: ChunkMessage, error: unknown): Promise<WorkOutcome> {
  const failure = failureOf(await withinBudget(ports, message, error));
  ports.logger.error('chunk failed', failureFields(error));
  ports.meter.count('ChunksFailed', 1);
  await keep(ports, message, failure);
  return (await ports.tasks.fail(message.taskToken, failure)) === 'gone' ? discard(ports) : 'failed';
}

/** The Map that fails over this chunk says only that it did; Compensate reads here why. The report matters more. */
async function keep(ports: WorkPorts, { run, item }: ChunkMessage, failure: Failure): Promise<void> {
  const { stage, chunk } = item;
  try {
    await ports.runs.addChunkFailure({ run, stage, chunk, ...failure, at: ports.clock.now() });
  } catch (error) {
    ports.logger.error('the reason of a failure could not be kept', failureFields(error));
  }
}

function discard(ports: WorkPorts): WorkOutcome {
  ports.logger.warn('chunk discarded: its task has timed out or ended');
  return 'discarded';
}
