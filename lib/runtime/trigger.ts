import type { RunInput } from './messages.ts';
import { parseTriggerMessage } from './parse-message.ts';
import type { Ports } from './ports/ports.ts';
import { runId } from './run-id.ts';

/**
 * Starts the run that a message asks for; one that was started before is left alone. Where the pipeline is paused, the
 * message waits for it to be resumed. Returns the run's id.
 */
export async function trigger(
  ports: Pick<Ports, 'executions' | 'pipelines' | 'clock' | 'logger'>,
  body: string,
): Promise<string> {
  const message = parseTriggerMessage(body);
  const run = runId(message.pipeline, message.planDigest, message.trigger);
  if (await isParked(ports, { pipeline: message.pipeline, run, body })) return run;
  const input: RunInput = { pipeline: message.pipeline, planDigest: message.planDigest, trigger: message.trigger };
  const outcome = await ports.executions.start({ stateMachineArn: message.stateMachineArn, name: run, input });
  ports.logger.info(outcome === 'started' ? 'run started' : 'run exists already', {
    pipeline: message.pipeline,
    run,
    trigger: message.trigger.kind,
  });
  return run;
}

async function isParked(
  { pipelines, clock, logger }: Pick<Ports, 'pipelines' | 'clock' | 'logger'>,
  message: { readonly pipeline: string; readonly run: string; readonly body: string },
): Promise<boolean> {
  if ((await pipelines.find(message.pipeline))?.state !== 'Paused') return false;
  const outcome = await pipelines.park({ ...message, at: clock.now() });
  if (outcome === 'parked') logger.info('run waits: its pipeline is paused', { run: message.run });
  return outcome === 'parked';
}
