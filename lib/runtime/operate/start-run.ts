import type { ParameterValues } from '../../component/parameter.ts';
import type { Plan } from '../../component/plan.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { second } from '../../core/durations.ts';
import { RunExistsError } from '../../core/errors/run-exists-error.ts';
import type { RunInput, TriggerIdentity } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import { runId } from '../run-id.ts';
import { requireParameters } from '../run-parameters.ts';

export interface StartRequest {
  /** That is deployed now. */
  readonly plan: Plan;
  readonly stateMachineArn: string;
  /** Names the run: the same request twice is one run. */
  readonly requestId: string;
  /** As they were written. */
  readonly parameters: ParameterValues;
  /** Who starts it; kept in the audit. */
  readonly by: string;
}

export interface StartedRun {
  readonly run: string;
  /** `exists`: the same request started it before. */
  readonly outcome: 'started' | 'exists';
  /** What the run works with: canonical, with the defaults. */
  readonly parameters: ParameterValues;
}

/** A run that was started has its record by then. */
const patience = 10 * second;

/**
 * Starts a run with parameters. Throws, before anything is started, `ParameterInvalidError`, and `RunExistsError` where
 * the request id stands for a run with other parameters.
 */
export async function startRun(
  ports: Pick<Ports, 'runs' | 'executions' | 'audit' | 'clock' | 'logger'>,
  { plan, stateMachineArn, requestId, parameters: given, by }: StartRequest,
): Promise<StartedRun> {
  const { pipeline, digest: planDigest } = plan;
  const parameters = requireParameters(plan, given);
  const trigger: TriggerIdentity = { kind: 'manual', requestId, ...(plan.parameters && { parameters }) };
  const run = runId(pipeline, planDigest, trigger);
  const input: RunInput = { pipeline, planDigest, trigger };
  const start = async () => {
    // Before it is started: who is cut off behind that finds it started when they ask again.
    await ports.audit.add({ at: ports.clock.now(), by, action: 'start', pipeline, run, detail: { parameters } }, run);
    // While an execution of the same input goes on, Step Functions says that it has started one.
    return ports.executions.start({ stateMachineArn, name: run, input });
  };
  const outcome = (await ports.runs.find(run)) ? 'exists' : await start();
  if (outcome === 'exists') await requireSame(ports, { run, requestId, parameters });
  ports.logger.info('run asked for', { run, outcome });
  return { run, outcome, parameters };
}

async function requireSame(
  { runs, clock }: Pick<Ports, 'runs' | 'clock'>,
  { run, requestId, parameters }: Omit<StartedRun, 'outcome'> & Pick<StartRequest, 'requestId'>,
): Promise<void> {
  const end = clock.now() + patience;
  let record = await runs.find(run);
  for (; !record && clock.now() < end; record = await runs.find(run)) await clock.sleep(0.2 * second);
  const before = record?.trigger.parameters ?? {};
  if (record && canonicalJson(before) === canonicalJson(parameters)) return;
  throw new RunExistsError({
    problem: `the request id "${requestId}" stands for the run "${run}", which was started with other parameters`,
    received: JSON.stringify(parameters),
    allowed: record ? JSON.stringify(before) : 'the parameters that it was started with',
    change: 'nothing was started: give another request id, or the same parameters',
  });
}
