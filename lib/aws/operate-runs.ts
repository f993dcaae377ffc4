import type { SFNClient } from '@aws-sdk/client-sfn';
import { realClock } from '../core/clock.ts';
import { second } from '../core/durations.ts';
import { silentLogger } from '../core/logger.ts';
import { planKey } from '../runtime/keys.ts';
import { acknowledgeRun } from '../runtime/operate/acknowledge-run.ts';
import { cancelRun } from '../runtime/operate/cancel-run.ts';
import { type PlanChange, planDifference } from '../runtime/operate/plan-difference.ts';
import { redriveRun } from '../runtime/operate/redrive-run.ts';
import { type RetriedRun, retryRun } from '../runtime/operate/retry-run.ts';
import { type StartedRun, type StartRequest, startRun } from '../runtime/operate/start-run.ts';
import type { Audit } from '../runtime/ports/audit.ts';
import type { BackfillStore } from '../runtime/ports/backfill-store.ts';
import type { ObjectStore } from '../runtime/ports/object-store.ts';
import type { RunStore } from '../runtime/ports/run-store.ts';
import { type DeployedMachine, deployedMachine } from './deployed-machine.ts';
import { StepFunctionsExecutions } from './step-functions-executions.ts';

/** A run that was started has its first state behind it by then. */
const startPatience = 30 * second;

export interface OperatorSurroundings {
  readonly objects: ObjectStore;
  readonly runs: RunStore;
  readonly backfills: BackfillStore;
  readonly audit: Audit;
  readonly sfn: SFNClient;
  /** Name of the platform, which begins the names of its machines. */
  readonly platform: string;
}

export type { PlanChange, StartedRun, StartRequest };

/** What a person does to a run. */
export interface OperatorRequest {
  readonly pipeline: string;
  readonly run: string;
  readonly by: string;
}

/** Starts a run with parameters from outside of the functions. Throws as `startRun` of runtime. */
export async function startOnAws(
  surroundings: OperatorSurroundings,
  request: Omit<StartRequest, 'stateMachineArn'>,
): Promise<StartedRun> {
  const { stateMachineArn } = await machineOf(surroundings, request.plan);
  return startRun(portsOf(surroundings), { ...request, stateMachineArn });
}

/** Cancels a run from outside of the functions. Throws as `cancelRun` of runtime. */
export async function cancelOnAws(surroundings: OperatorSurroundings, request: OperatorRequest): Promise<void> {
  const { stateMachineArn } = await machineOf(surroundings, request);
  await cancelRun(portsOf(surroundings), { ...request, stateMachineArn });
}

/**
 * Lets a failed run go on, on its plan; where another one is deployed, starts it once more on that. Throws as `redriveRun`
 * and `retryRun` of runtime do.
 */
export async function redriveOnAws(
  surroundings: OperatorSurroundings,
  request: OperatorRequest & { readonly earlierDigest: string },
): Promise<RedrivenRun> {
  const machine = await machineOf(surroundings, request);
  if (machine.planDigest !== request.earlierDigest) return retryOnAws(surroundings, request);
  await redriveRun(portsOf(surroundings), { ...request, ...machine });
  return { run: request.run, outcome: 'redriven', changes: [] };
}

export interface RedrivenRun {
  /** Another one where another plan is deployed. */
  readonly run: string;
  readonly outcome: 'redriven' | RetriedRun['outcome'];
  readonly changes: readonly PlanChange[] | undefined;
}

/** Starts a failed run once more, on the plan that is deployed. Throws as `retryRun` of runtime. */
export async function retryOnAws(
  surroundings: OperatorSurroundings,
  request: OperatorRequest & { readonly earlierDigest: string },
): Promise<RetriedRun & { readonly changes: readonly PlanChange[] | undefined }> {
  const machine = await machineOf(surroundings, request);
  const retried = await retryRun(portsOf(surroundings), { ...request, ...machine });
  const { pipeline, earlierDigest } = request;
  const digests = { before: earlierDigest, after: machine.planDigest };
  return { ...retried, changes: await changesOf(surroundings, pipeline, digests) };
}

/** Undefined where one of the plans is not kept: the first state of a run stores it. */
async function changesOf(
  { objects }: Pick<OperatorSurroundings, 'objects'>,
  pipeline: string,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<readonly PlanChange[] | undefined> {
  if (before === after) return [];
  const earlier = await objects.readText(planKey(pipeline, before));
  if (earlier === undefined) return undefined;
  const clock = realClock();
  for (const end = clock.now() + startPatience; clock.now() < end; await clock.sleep(200)) {
    const text = await objects.readText(planKey(pipeline, after));
    if (text !== undefined) return planDifference(JSON.parse(earlier), JSON.parse(text));
  }
  return undefined;
}

function machineOf(
  { sfn, platform }: OperatorSurroundings,
  { pipeline }: { readonly pipeline: string },
): Promise<DeployedMachine> {
  return deployedMachine(sfn, `${platform}-${pipeline}`);
}

function portsOf({ runs, backfills, audit, sfn }: OperatorSurroundings) {
  const executions = new StepFunctionsExecutions(sfn);
  return { runs, backfills, audit, executions, clock: realClock(), logger: silentLogger };
}

/** Notes that somebody looks after a run. Throws as `acknowledgeRun` of runtime. */
export function acknowledgeOnAws(
  { runs }: Pick<OperatorSurroundings, 'runs'>,
  { run, by }: Pick<OperatorRequest, 'run' | 'by'>,
): Promise<void> {
  return acknowledgeRun({ runs, clock: realClock() }, { run, by });
}
