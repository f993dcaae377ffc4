import { DescribeStateMachineCommand, paginateListStateMachines, type SFNClient } from '@aws-sdk/client-sfn';
import { InputMissingError } from '../core/errors/input-missing-error.ts';
import { planDigestOf } from '../core/plan-comment.ts';
import type { ObjectStore } from '../runtime/ports/object-store.ts';
import type { RunStore } from '../runtime/ports/run-store.ts';
import { findReplays, type Replay } from '../runtime/replay/find-replays.ts';
import { type ReplayRequest, type StartedReplay, startReplay } from '../runtime/replay/start-replay.ts';
import { StepFunctionsExecutions } from './step-functions-executions.ts';
import { translateFailure } from './translate-failure.ts';

export type { Replay, StartedReplay };

/** A replay on whatever plan is deployed. */
export type ReplayOnAws = Omit<ReplayRequest, 'planDigest' | 'stateMachineArn'>;

export interface ReplaySurroundings {
  readonly objects: ObjectStore;
  readonly runs: RunStore;
  readonly sfn: SFNClient;
  /** Name of the platform, which begins the names of its machines. */
  readonly platform: string;
}

/** Starts a replay on the plan that is deployed now. Throws `InputMissingError` where the pipeline is not deployed. */
export async function replayOnAws(
  { objects, runs, sfn, platform }: ReplaySurroundings,
  request: ReplayOnAws,
): Promise<StartedReplay> {
  const machine = await deployedMachine(sfn, `${platform}-${request.pipeline}`);
  return startReplay({ objects, runs, executions: new StepFunctionsExecutions(sfn) }, { ...request, ...machine });
}

/** The published replays of a run's rejects, in their order. */
export function replaysOnAws(
  { runs }: Pick<ReplaySurroundings, 'runs'>,
  run: { readonly pipeline: string; readonly run: string },
): Promise<readonly Replay[]> {
  return findReplays({ runs }, run);
}

async function deployedMachine(client: SFNClient, name: string) {
  return translateFailure('states:DescribeStateMachine', async () => {
    for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
      const stateMachineArn = stateMachines.find((one) => one.name === name)?.stateMachineArn;
      if (stateMachineArn === undefined) continue;
      const { definition = '{}' } = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
      const planDigest = planDigestOf((JSON.parse(definition) as { Comment?: string }).Comment);
      if (planDigest !== undefined) return { stateMachineArn, planDigest };
    }
    throw new InputMissingError({
      problem: 'the pipeline is not deployed, so nothing can be replayed on it',
      received: `no state machine "${name}" with a plan`,
      change: 'deploy the pipeline, or start `npx penstock local` in its folder',
    });
  });
}
