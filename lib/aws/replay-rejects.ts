import type { SFNClient } from '@aws-sdk/client-sfn';
import { realClock } from '../core/clock.ts';
import type { Audit } from '../runtime/ports/audit.ts';
import type { ObjectStore } from '../runtime/ports/object-store.ts';
import type { RunStore } from '../runtime/ports/run-store.ts';
import { findReplays, type Replay } from '../runtime/replay/find-replays.ts';
import { type ReplayRequest, type StartedReplay, startReplay } from '../runtime/replay/start-replay.ts';
import { deployedMachine } from './deployed-machine.ts';
import { StepFunctionsExecutions } from './step-functions-executions.ts';

export { remadeSince } from '../runtime/replay/remade-runs.ts';
export type { Replay, StartedReplay };

/** A replay on whatever plan is deployed. */
export type ReplayOnAws = Omit<ReplayRequest, 'planDigest' | 'stateMachineArn'>;

export interface ReplaySurroundings {
  readonly objects: ObjectStore;
  readonly runs: RunStore;
  readonly audit: Audit;
  readonly sfn: SFNClient;
  /** Name of the platform, which begins the names of its machines. */
  readonly platform: string;
}

/** Starts a replay on the plan that is deployed now. Throws `InputMissingError` where the pipeline is not deployed. */
export async function replayOnAws(
  { objects, runs, audit, sfn, platform }: ReplaySurroundings,
  request: ReplayOnAws,
): Promise<StartedReplay> {
  const machine = await deployedMachine(sfn, `${platform}-${request.pipeline}`);
  const executions = new StepFunctionsExecutions(sfn);
  return startReplay({ objects, runs, audit, executions, clock: realClock() }, { ...request, ...machine });
}

/** The published replays of a run's rejects, in their order. */
export function replaysOnAws(
  { runs }: Pick<ReplaySurroundings, 'runs'>,
  run: { readonly pipeline: string; readonly run: string },
): Promise<readonly Replay[]> {
  return findReplays({ runs }, run);
}
