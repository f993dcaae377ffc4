import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../lib/core/clock.ts';
import { AwsError, NotSupportedError } from '../../aws-error.ts';
import type { CallContext } from '../../service.ts';
import type {
  Checkpoint,
  Environment,
  MapRun,
  MapRunRequest,
  ObjectAccess,
  TaskAnswer,
  TaskCall,
} from '../../states/environment.ts';
import type { HistoryEvent } from '../../states/history.ts';
import type { Caller } from '../../states/integrations/integration.ts';
import { integrationFor } from '../../states/integrations/integrations.ts';
import { taskFailure } from '../../states/integrations/task-failure.ts';
import type { Json } from '../../states/json.ts';
import type { ServiceResource } from '../../states/resource.ts';
import { StatesError } from '../../states/states-error.ts';
import { assumeForTask } from './assume-for-task.ts';
import type { StepFunctionsCore } from './core.ts';
import { describeExecution } from './describe-execution.ts';
import { ExecutionLog } from './execution-log.ts';
import { objectAccess } from './object-access.ts';
import type { ExecutionRecord } from './records.ts';
import { parameterProblems } from './task-resources.ts';

/** The interpreter's world, made of the services of this cloud. */
export class CloudEnvironment implements Environment {
  readonly clock: Clock;
  readonly region: string;
  readonly objects: ObjectAccess;
  readonly #core: StepFunctionsCore;
  readonly #record: ExecutionRecord;
  readonly #log: ExecutionLog | undefined;

  constructor(core: StepFunctionsCore, record: ExecutionRecord) {
    this.#core = core;
    this.#record = record;
    this.#log = ExecutionLog.open(core, record);
    this.clock = core.cloud.clock;
    this.region = core.cloud.region;
    this.objects = objectAccess((operation, input, requestId) =>
      core.cloud.call('s3', operation, input, this.#context(requestId)),
    );
  }

  random(): number {
    return Math.random();
  }

  record(event: HistoryEvent): void {
    if (this.#record.type !== 'EXPRESS') this.#core.histories.append(this.#record.arn, event);
    this.#log?.record(event);
  }

  checkParameters(resource: ServiceResource, parameters: Json): string[] {
    return [...(integrationFor(resource).check?.(parameters) ?? []), ...parameterProblems(resource, parameters)];
  }

  startFailure(): StatesError | undefined {
    try {
      this.#context();
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return new StatesError('States.Permissions', error.message, { fromTask: true });
    }
  }

  async call(task: TaskCall): Promise<TaskAnswer> {
    return this.#calling(task, (caller) => integrationFor(task.resource).call(task, caller));
  }

  async awaitJob(task: TaskCall, submitted: TaskAnswer): Promise<TaskAnswer> {
    const integration = integrationFor(task.resource);
    return this.#calling(task, async (caller) => {
      if (!integration.awaitJob) throw new NotSupportedError(`waiting for ${task.resource.arn}`);
      return integration.awaitJob(task, submitted, caller);
    });
  }

  issueToken(): string {
    return this.#core.tokens.issue(this.#record.arn);
  }

  awaitToken(token: string, signal: AbortSignal, onHeartbeat: () => void): Promise<TaskAnswer> {
    return this.#core.tokens.wait(token, signal, onHeartbeat);
  }

  dropToken(token: string): void {
    this.#core.activities.withdraw(token);
    this.#core.executions.spend(this.#record.arn, token);
  }

  activityExists(arn: string): boolean {
    return this.#core.activities.records.has(arn);
  }

  scheduleActivity(arn: string, input: string, token: string, onStart: (workerName?: string) => void): void {
    this.#core.activities.schedule(arn, { token, input, onStart });
  }

  openMapRun(request: MapRunRequest): MapRun {
    return this.#core.mapRuns.open(this.#record, request);
  }

  checkpoint(checkpoint: Checkpoint): void {
    this.#core.executions.checkpoint(this.#record, checkpoint);
  }

  /** Resolves when the execution's log is complete. */
  async finish(): Promise<void> {
    await this.#log?.flush();
  }

  /** Errors of services become the task's, and so does a role that cannot be assumed. */
  async #calling(task: TaskCall, work: (caller: Caller) => Promise<TaskAnswer>): Promise<TaskAnswer> {
    const requestId = randomUUID();
    try {
      return await work(this.#caller(await this.#contextOf(task, requestId)));
    } catch (error) {
      throw asTaskError(error, task, requestId);
    }
  }

  async #contextOf(task: TaskCall, requestId: string): Promise<CallContext> {
    const own = { ...this.#context(requestId, task.signal), ...(task.pause && { pause: task.pause }) };
    if (task.roleArn === undefined || task.roleArn === this.#record.roleArn) return own;
    return { ...own, principal: await assumeForTask(this.#core.cloud, task.roleArn, own) };
  }

  /** A call that the execution makes as its own role. */
  #context(requestId: string = randomUUID(), signal: AbortSignal = new AbortController().signal): CallContext {
    const by = { service: 'states.amazonaws.com', sourceArn: this.#record.machineArn };
    const principal = this.#core.cloud.assume(this.#record.roleArn, this.#record.name.slice(0, 64), by);
    return { principal, requestId, signal };
  }

  #caller(context: CallContext): Caller {
    const { cloud, executions } = this.#core;
    return {
      requestId: context.requestId,
      region: cloud.region,
      accountId: cloud.accountId,
      now: () => cloud.clock.now(),
      execution: { arn: this.#record.arn, machineArn: this.#record.machineArn },
      call: (service, operation, input) => cloud.call(service, operation, input, context),
      awaitExecution: async (arn) => describeExecution(this.#core, await executions.ended(arn)),
    };
  }
}

function asTaskError(error: unknown, task: TaskCall, requestId: string): unknown {
  if (!(error instanceof AwsError)) return error;
  // What local AWS lacks fails the task by name, as a service without that operation fails it on AWS.
  if (error instanceof NotSupportedError)
    return new StatesError('States.TaskFailed', error.message, { fromTask: true });
  return taskFailure(error, task.resource, integrationFor(task.resource), requestId);
}
