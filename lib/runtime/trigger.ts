import type { RunInput } from './messages.ts';
import { parseTriggerMessage } from './parse-message.ts';
import type { Ports } from './ports/ports.ts';
import { runId } from './run-id.ts';

/** Starts the run that a message asks for; one that was started before is left alone. Returns the run's id. */
export async function trigger(ports: Pick<Ports, 'executions' | 'logger'>, body: string): Promise<string> {
  const message = parseTriggerMessage(body);
  const run = runId(message.pipeline, message.planDigest, message.trigger);
  const input: RunInput = { pipeline: message.pipeline, planDigest: message.planDigest, trigger: message.trigger };
  const outcome = await ports.executions.start({ stateMachineArn: message.stateMachineArn, name: run, input });
  ports.logger.info(outcome === 'started' ? 'run started' : 'run exists already', {
    pipeline: message.pipeline,
    run,
    trigger: message.trigger.kind,
  });
  return run;
}
