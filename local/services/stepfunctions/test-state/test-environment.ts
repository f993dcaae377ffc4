import { NotSupportedError } from '../../../aws-error.ts';
import type { Environment, MapRun, TaskAnswer, TaskCall } from '../../../states/environment.ts';
import type { Json, JsonObject } from '../../../states/json.ts';
import type { ServiceResource } from '../../../states/resource.ts';
import { StatesError } from '../../../states/states-error.ts';
import { CloudEnvironment } from '../cloud-environment.ts';
import type { StepFunctionsCore } from '../core.ts';
import type { ExecutionRecord } from '../records.ts';
import type { Mock } from './valid-test.ts';

/** The world of a state under test: services as they are, or the mock in their place. It notes what the state does. */
export class TestEnvironment implements Environment {
  /** What became of the data on its way through the state, as TestState shows it. */
  readonly inspection: JsonObject = {};
  readonly clock: Environment['clock'];
  readonly region: string;
  readonly objects: Environment['objects'];
  readonly #real: CloudEnvironment;
  readonly #mock: Mock | undefined;

  /** `readerData`: what an ItemReader finds instead of an object in S3. */
  constructor(core: StepFunctionsCore, record: ExecutionRecord, mock: Mock | undefined, readerData?: string) {
    this.#real = new CloudEnvironment(core, record);
    this.#mock = mock;
    this.clock = core.cloud.clock;
    this.region = core.cloud.region;
    this.objects = readerData === undefined ? this.#real.objects : givenObjects(readerData);
  }

  random(): number {
    return Math.random();
  }

  record(): void {}

  inspect(field: string, value: Json): void {
    this.inspection[field] = value;
  }

  checkParameters(resource: ServiceResource, parameters: Json): string[] {
    return this.#mock ? [] : this.#real.checkParameters(resource, parameters);
  }

  startFailure(): StatesError | undefined {
    return this.#mock ? undefined : this.#real.startFailure();
  }

  async call(task: TaskCall): Promise<TaskAnswer> {
    return this.#mock ? mocked(this.#mock) : this.#real.call(task);
  }

  async awaitJob(task: TaskCall, submitted: TaskAnswer): Promise<TaskAnswer> {
    return this.#mock ? mocked(this.#mock) : this.#real.awaitJob(task, submitted);
  }

  issueToken(): string {
    return this.#real.issueToken();
  }

  async awaitToken(token: string, signal: AbortSignal, onHeartbeat: () => void): Promise<TaskAnswer> {
    return this.#mock ? mocked(this.#mock) : this.#real.awaitToken(token, signal, onHeartbeat);
  }

  dropToken(token: string): void {
    this.#real.dropToken(token);
  }

  activityExists(arn: string): boolean {
    return this.#mock !== undefined || this.#real.activityExists(arn);
  }

  scheduleActivity(arn: string, input: string, token: string, onStart: (workerName?: string) => void): void {
    if (!this.#mock) this.#real.scheduleActivity(arn, input, token, onStart);
  }

  openMapRun(): MapRun {
    throw new NotSupportedError('a Map Run in a test of one state');
  }
}

/** Every object is the given text; a list of objects is given as JSON. */
function givenObjects(text: string): Environment['objects'] {
  return {
    read: async () => Buffer.from(text),
    async *list() {
      yield* JSON.parse(text);
    },
    write: async () => {},
  };
}

function mocked({ result, errorOutput }: Mock): TaskAnswer {
  if (errorOutput) throw new StatesError(errorOutput.error, errorOutput.cause, { fromTask: true });
  return { output: result };
}
