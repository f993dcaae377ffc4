import { randomUUID } from 'node:crypto';
import type { Clock } from '../../lib/core/clock.ts';
import type {
  Environment,
  MapRun,
  MapRunChild,
  MapRunRequest,
  ObjectAccess,
  Outcome,
  TaskAnswer,
  TaskCall,
} from '../../local/states/environment.ts';
import type { HistoryEvent } from '../../local/states/history.ts';
import { integrationFor } from '../../local/states/integrations/integrations.ts';
import { taskFailure } from '../../local/states/integrations/task-failure.ts';
import type { Json } from '../../local/states/json.ts';
import type { ServiceResource } from '../../local/states/resource.ts';
import { type ExecutionIdentity, runMachine } from '../../local/states/run-machine.ts';
import { AbortedError, StatesError } from '../../local/states/states-error.ts';
import { asText, type ConformanceCase, type TaskMock } from './conformance-case.ts';
import { isPlayable } from './declared-function.ts';
import { recordedObjects } from './recorded-objects.ts';
import { recordedServices } from './recorded-services.ts';

/** The interpreter's world as a recording has it: tasks answer what they answered on AWS. */
export class ReplayEnvironment implements Environment {
  readonly clock: Clock;
  readonly region: string;
  readonly objects: ObjectAccess;
  readonly events: HistoryEvent[] = [];
  readonly #recorded: ConformanceCase;
  readonly #identity: ExecutionIdentity;
  readonly #mocks: TaskMock[];
  readonly #waiting = new Map<string, TaskMock>();

  constructor(recorded: ConformanceCase, identity: ExecutionIdentity, clock: Clock) {
    this.#recorded = recorded;
    this.#identity = identity;
    this.#mocks = [...(recorded.taskMocks ?? [])].filter((mock) => mock.result);
    this.clock = clock;
    this.region = identity.arn.split(':')[3]!;
    this.objects = recordedObjects(recorded);
  }

  random(): number {
    return 0.5;
  }

  record(event: HistoryEvent): void {
    this.events.push(event);
  }

  checkParameters(resource: ServiceResource, parameters: Json): string[] {
    return integrationFor(resource).check?.(parameters) ?? [];
  }

  async call(task: TaskCall): Promise<TaskAnswer> {
    const mock = this.#mockOf(task.stateName, task.scheduledEventId);
    const functionName = this.#functionOf(task);
    const declared = functionName !== undefined && isPlayable(this.#recorded.lambdas?.[functionName]);
    if (declared && mock?.result?.kind !== 'failed') return this.#integrate(task);
    if (!mock) return this.#integrate(task);
    if (mock.submitted !== undefined) {
      this.#waiting.set(task.token ?? String(task.scheduledEventId), mock);
      return { output: mock.submitted };
    }
    return settle(mock, task.signal);
  }

  awaitJob(task: TaskCall): Promise<TaskAnswer> {
    return settle(this.#waiting.get(task.token ?? String(task.scheduledEventId))!, task.signal);
  }

  issueToken(): string {
    return randomUUID();
  }

  awaitToken(token: string, signal: AbortSignal): Promise<TaskAnswer> {
    const mock = this.#waiting.get(token) ?? [...this.#waiting.values()].at(-1);
    return mock ? settle(mock, signal) : never(signal);
  }

  dropToken(): void {}

  activityExists(): boolean {
    return this.#recorded.taskMocks !== undefined;
  }

  scheduleActivity(_arn: string, _input: string, token: string, onStart: (workerName?: string) => void): void {
    const mock = this.#mocks.shift();
    if (!mock) return;
    this.#waiting.set(token, mock);
    const started = (this.#recorded.expect.events ?? []).find(
      (event: { type: string }) => event.type === 'ActivityStarted',
    );
    if (started) onStart(started.activityStartedEventDetails?.workerName);
  }

  openMapRun(request: MapRunRequest): MapRun {
    const [, , , region, account] = this.#identity.arn.split(':');
    return {
      arn: `arn:aws:states:${region}:${account}:mapRun:${this.#identity.machineName}/${request.label ?? randomUUID()}:${randomUUID()}`,
      itemsRead() {},
      runChild: (child) => this.#runChild(request, child),
      finish() {},
    };
  }

  #runChild(request: MapRunRequest, child: MapRunChild): Promise<Outcome> {
    const environment = new ReplayEnvironment(this.#recorded, this.#identity, this.clock);
    return runMachine(request.machine, child.input, this.#identity, environment, {
      signal: child.signal,
    });
  }

  #mockOf(state: string, scheduledEventId: number): TaskMock | undefined {
    const exact = this.#mocks.findIndex((mock) => mock.state === state && mock.scheduledEventId === scheduledEventId);
    const index = exact >= 0 ? exact : this.#mocks.findIndex((mock) => mock.state === state);
    return index < 0 ? undefined : this.#mocks.splice(index, 1)[0];
  }

  #functionOf({ resource, parameters }: TaskCall): string | undefined {
    const name =
      resource.kind === 'lambda'
        ? resource.arn
        : resource.resourceType === 'lambda'
          ? parameters?.FunctionName
          : undefined;
    return typeof name === 'string'
      ? name.replace(/^arn:aws:lambda:[^:]*:\d*:function:/, '').replace(/:.*$/, '')
      : undefined;
  }

  async #integrate(task: TaskCall): Promise<TaskAnswer> {
    const integration = integrationFor(task.resource);
    const requestId = randomUUID();
    try {
      return await integration.call(task, {
        requestId,
        region: this.region,
        accountId: this.#identity.arn.split(':')[4]!,
        now: () => this.clock.now(),
        execution: { arn: this.#identity.arn, machineArn: this.#identity.machineArn },
        call: recordedServices(this.#recorded, this.clock, task.stateName),
        awaitExecution: () => Promise.reject(new Error('a recording holds one execution')),
      });
    } catch (error) {
      throw taskFailure(error, task.resource, integration, requestId);
    }
  }
}

async function settle({ result }: TaskMock, signal: AbortSignal): Promise<TaskAnswer> {
  if (result!.kind === 'timedOut') return never(signal);
  if (result!.kind === 'succeeded') return { output: result!.output };
  const cause = result!.cause === undefined || result!.cause === null ? undefined : asText(result!.cause);
  throw new StatesError(result!.error ?? undefined, cause, { fromTask: true });
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new AbortedError())));
}
