import { DescribeStateMachineCommand, paginateListStateMachines, type SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { realClock } from '../core/clock.ts';
import { silentLogger } from '../core/logger.ts';
import { planDigestOf } from '../core/plan-comment.ts';
import { type PauseRequest, pausePipeline, resumePipeline } from '../runtime/operate/pause-pipeline.ts';
import type { Arrivals } from '../runtime/ports/arrivals.ts';
import type { Audit } from '../runtime/ports/audit.ts';
import type { PipelineRecord, PipelineStore } from '../runtime/ports/pipeline-store.ts';
import type { RunStore } from '../runtime/ports/run-store.ts';
import { deadLetterQueues } from './dead-letters.ts';
import { deployedMachine } from './deployed-machine.ts';
import { SqsTriggerQueue } from './sqs-trigger-queue.ts';
import { StepFunctionsExecutions } from './step-functions-executions.ts';
import { translateFailure } from './translate-failure.ts';

export type { PauseRequest };

export interface PipelineSurroundings {
  readonly pipelines: PipelineStore;
  readonly audit: Audit;
  readonly runs: RunStore;
  readonly arrivals: Arrivals;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  /** Name of the platform, which begins the names of its machines. */
  readonly platform: string;
}

/** A pipeline that is deployed, and whether it starts runs. */
export interface DeployedPipeline {
  readonly pipeline: string;
  readonly planDigest: string;
  readonly state: PipelineRecord['state'];
  /** Who brought it there, and when. Absent: it is as it was deployed. */
  readonly by?: string;
  readonly at?: number;
  readonly problem?: string;
  readonly transitions?: PipelineRecord['transitions'];
  /** Triggers that wait for it to be resumed. */
  readonly waiting: number;
}

/** Pauses a pipeline that is deployed. Throws `InputMissingError`, and as `pausePipeline` of runtime. */
export async function pauseOnAws(surroundings: PipelineSurroundings, request: PauseRequest): Promise<void> {
  await deployedMachine(surroundings.sfn, `${surroundings.platform}-${request.pipeline}`);
  await pausePipeline(portsOf(surroundings), request);
}

/** Resumes a pipeline on the plan that is deployed. Throws `InputMissingError`, and as `resumePipeline` of runtime. */
export async function resumeOnAws(
  surroundings: PipelineSurroundings,
  request: PauseRequest,
): Promise<readonly string[]> {
  const machine = await deployedMachine(surroundings.sfn, `${surroundings.platform}-${request.pipeline}`);
  return resumePipeline(portsOf(surroundings), { ...request, machine });
}

/** The pipelines of a platform, by name. */
export async function pipelinesOnAws({
  sfn,
  platform,
  pipelines,
}: PipelineSurroundings): Promise<readonly DeployedPipeline[]> {
  const found: DeployedPipeline[] = [];
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
    for (const { name = '', stateMachineArn } of stateMachines) {
      if (!name.startsWith(`${platform}-`)) continue;
      const command = new DescribeStateMachineCommand({ stateMachineArn });
      const { definition = '{}' } = await translateFailure('states:DescribeStateMachine', () => sfn.send(command));
      const planDigest = planDigestOf((JSON.parse(definition) as { Comment?: string }).Comment);
      if (planDigest === undefined) continue;
      const pipeline = name.slice(platform.length + 1);
      const record = await pipelines.find(pipeline);
      const waiting = (await pipelines.parked(pipeline)).length;
      // What no run has looked at was checked when it was synthesized, and its triggers are at work.
      found.push({ state: 'Scheduled', ...record, planDigest, pipeline, waiting });
    }
  }
  return found.sort((a, b) => (a.pipeline < b.pipeline ? -1 : 1));
}

function portsOf({ pipelines, audit, runs, arrivals, sfn, sqs, platform }: PipelineSurroundings) {
  const executions = new StepFunctionsExecutions(sfn);
  const triggerQueue = {
    // Looked for where it is needed: most of what waited starts at once.
    sendLater: async (body: string, seconds: number) => {
      const queues = await deadLetterQueues(sqs, platform);
      const { sourceUrl } = queues.find(({ name }) => name === 'trigger')!;
      await new SqsTriggerQueue(sqs, sourceUrl).sendLater(body, seconds);
    },
  };
  return { pipelines, audit, runs, arrivals, executions, triggerQueue, clock: realClock(), logger: silentLogger };
}
