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
  return (await heldBack(ports, message)) ? undefined : begin(ports, message);
}

/** What `trigger` does of a pipeline that is not paused. */
export async function begin(ports: TriggerPorts, message: TriggerMessage): Promise<string | undefined> {
  const { trigger, files } = message;
  if (trigger.kind === 'batch') return endWindow(ports, message, trigger);
  if (trigger.kind === 'file' && files) return takeFile(ports, { ...message, trigger, files });
  if (isScheduled(message)) return takeSchedule(ports, message);
  return startRun(ports, message, trigger);
}

/** `parked`: it waits for the pipeline to be resumed; `missed`: its time is noted as missed. Undefined: nothing is paused. */
export async function heldBack(
  ports: Pick<Ports, 'pipelines' | 'clock' | 'logger'>,
  message: TriggerMessage,
): Promise<'parked' | 'missed' | undefined> {
  const { pipelines, clock, logger } = ports;
  const { pipeline, planDigest, trigger } = message;
  if ((await pipelines.find(pipeline))?.state !== 'Paused') return undefined;
  if (isScheduled(message) && message.schedule.catchUp === 'none') {
    await missTimes(ports, message, [Date.parse(message.trigger.time)]);
    return 'missed';
  }
  const run = runId(pipeline, planDigest, trigger);
  const outcome = await pipelines.park({ pipeline, run, body: JSON.stringify(message), at: clock.now() });
  if (outcome !== 'parked') return undefined;
  logger.info('run waits: its pipeline is paused', { run });
  return 'parked';
}
