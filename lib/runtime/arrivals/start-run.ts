import type { RunInput, TriggerIdentity, TriggerMessage } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import { runId } from '../run-id.ts';

/** Starts the run of a trigger; one that was started before is left alone. Returns the run's id. */
export async function startRun(
  { executions, logger }: Pick<Ports, 'executions' | 'logger'>,
  { pipeline, planDigest, stateMachineArn }: Pick<TriggerMessage, 'pipeline' | 'planDigest' | 'stateMachineArn'>,
  trigger: TriggerIdentity,
): Promise<string> {
  const run = runId(pipeline, planDigest, trigger);
  const input: RunInput = { pipeline, planDigest, trigger };
  const outcome = await executions.start({ stateMachineArn, name: run, input });
  logger.info(outcome === 'started' ? 'run started' : 'run exists already', { pipeline, run, trigger: trigger.kind });
  return run;
}
