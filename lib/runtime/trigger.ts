import { endWindow } from './arrivals/close-batch.ts';
import { startRun } from './arrivals/start-run.ts';
import { takeFile } from './arrivals/take-file.ts';
import type { TriggerMessage } from './messages.ts';
import { parseTriggerMessage } from './parse-message.ts';
import type { Ports } from './ports/ports.ts';
import { runId } from './run-id.ts';
import { isScheduled, missTimes, takeSchedule } from './take-schedule.ts';

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
  const { trigger, files } = message;
  if (await isParked(ports, message, body)) return undefined;
  if (trigger.kind === 'batch') return endWindow(ports, message, trigger);
  if (trigger.kind === 'file' && files) return takeFile(ports, { ...message, trigger, files });
  if (isScheduled(message)) return takeSchedule(ports, message);
  return startRun(ports, message, trigger);
}

async function isParked(
  ports: Pick<Ports, 'pipelines' | 'clock' | 'logger'>,
  message: TriggerMessage,
  body: string,
): Promise<boolean> {
  const { pipelines, clock, logger } = ports;
  const { pipeline, planDigest, trigger } = message;
  if ((await pipelines.find(pipeline))?.state !== 'Paused') return false;
  if (isScheduled(message) && message.schedule.catchUp === 'none') {
    await missTimes(ports, message, [Date.parse(message.trigger.time)]);
    return true;
  }
  const run = runId(pipeline, planDigest, trigger);
  const outcome = await pipelines.park({ pipeline, run, body, at: clock.now() });
  if (outcome === 'parked') logger.info('run waits: its pipeline is paused', { run });
  return outcome === 'parked';
}
