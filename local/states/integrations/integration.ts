import type { TaskAnswer, TaskCall } from '../environment.ts';
import type { Json, JsonObject } from '../json.ts';

/** How an integration reaches services: as the execution's role, or the role of the task's Credentials. */
export interface Caller {
  readonly requestId: string;
  readonly region: string;
  readonly accountId: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The execution that calls, and its machine. */
  readonly execution: { readonly arn: string; readonly machineArn: string };
  /** Calls an operation in the SDK's own shapes; rejects with `AwsError`. */
  call(service: string, operation: string, input: Json): Promise<Json>;
  /** Waits until an execution has ended; resolves to its description. */
  awaitExecution(executionArn: string): Promise<JsonObject>;
}

/** One task integration. Rejects with `StatesError`, or with the service's `AwsError`, which `toTaskFailure` names. */
export interface Integration {
  call(task: TaskCall, caller: Caller): Promise<TaskAnswer>;
  /** Error names start with this: `Lambda`, `SQS`. */
  readonly errorPrefix: string;
  /** The service as the older SDK's messages name it: `AWSLambda`, `AmazonSQS`. */
  readonly serviceName: string;
  /** What is wrong with a task's parameters, before anything is scheduled; an empty list where nothing is. */
  check?(parameters: JsonObject): string[];
  /** Waits for the job that `call` started; only where the integration has `.sync`. */
  awaitJob?(task: TaskCall, submitted: TaskAnswer, caller: Caller): Promise<TaskAnswer>;
}
