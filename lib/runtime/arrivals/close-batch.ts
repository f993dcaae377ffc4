import { second } from '../../core/durations.ts';
import { InputMissingError } from '../../core/errors/input-missing-error.ts';
import type { TriggerMessage } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import { runId } from '../run-id.ts';
import { startRun } from './start-run.ts';

/** SQS keeps a message from sight for no longer. */
const longestDelaySeconds = 900;

type BatchPorts = Pick<Ports, 'arrivals' | 'triggerQueue' | 'executions' | 'clock' | 'logger'>;

export interface BatchPlace {
  readonly place: string;
  readonly number: number;
}

/**
 * Starts the one run over a batch, which no file joins from then on. It is run on the plan that is deployed now: what the
 * first of its files was told of may have been replaced while the window was open. Returns the run's id.
 */
export async function closeBatch(
  ports: Pick<BatchPorts, 'arrivals' | 'executions' | 'logger'>,
  message: TriggerMessage,
  { place, number }: BatchPlace,
): Promise<string> {
  const { pipeline, stateMachineArn } = message;
  const planDigest = (await ports.executions.planOf(stateMachineArn)) ?? message.planDigest;
  const trigger = { kind: 'batch', place, number } as const;
  const run = runId(pipeline, planDigest, trigger);
  const closed = await ports.arrivals.close({ pipeline, place, number, run, planDigest });
  if (!closed)
    throw new InputMissingError({
      problem: 'no files wait for this run',
      received: `batch ${number} of ${place}`,
      allowed: 'a batch that files have joined',
      change: 'put the files into their place again',
    });
  return startRun(ports, { pipeline, stateMachineArn, planDigest: closed.planDigest }, trigger);
}

/** Closes a batch when its window is over, and waits on until then. Returns the run's id once it is started. */
export async function endWindow(
  ports: BatchPorts,
  message: TriggerMessage,
  batch: BatchPlace,
): Promise<string | undefined> {
  const left = (message.until ?? 0) - ports.clock.now();
  if (left <= 0) return closeBatch(ports, message, batch);
  await ports.triggerQueue.sendLater(JSON.stringify(message), Math.min(longestDelaySeconds, Math.ceil(left / second)));
  return undefined;
}
