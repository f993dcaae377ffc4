import { endWindow } from './arrivals/close-batch.ts';
import { startRun } from './arrivals/start-run.ts';
import { takeFile } from './arrivals/take-file.ts';
import type { TriggerMessage } from './messages.ts';
import { parseTriggerMessage } from './parse-message.ts';
import type { Ports } from './ports/ports.ts';
import { runId } from './run-id.ts';

export type TriggerPorts = Pick<
  Ports,
  'executions' | 'pipelines' | 'arrivals' | 'runs' | 'triggerQueue' | 'clock' | 'logger'
>;

/**
 * Does what a message asks for: starts a run, or lets a file join those that are run together. A run that was started
 * before is left alone. Where the pipeline is paused, the message waits for it to be resumed. Returns the id of the run;
 * undefined where none has begun yet, or will.
 */
export async function trigger(ports: TriggerPorts, body: string): Promise<string | undefined> {
  const message = parseTriggerMessage(body);
  if (await isParked(ports, message, body)) return undefined;
  const { trigger, files } = message;
  if (trigger.kind === 'batch') return endWindow(ports, message, trigger);
  if (trigger.kind === 'file' && files) return takeFile(ports, { ...message, trigger, files });
  return startRun(ports, message, trigger);
}

async function isParked(
  { pipelines, clock, logger }: Pick<Ports, 'pipelines' | 'clock' | 'logger'>,
  { pipeline, planDigest, trigger }: TriggerMessage,
  body: string,
): Promise<boolean> {
  if ((await pipelines.find(pipeline))?.state !== 'Paused') return false;
  const run = runId(pipeline, planDigest, trigger);
  const outcome = await pipelines.park({ pipeline, run, body, at: clock.now() });
  if (outcome === 'parked') logger.info('run waits: its pipeline is paused', { run });
  return outcome === 'parked';
}
