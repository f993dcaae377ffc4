import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { TaskAnswer, TaskReporter } from '../runtime/ports/task-reporter.ts';
import { translateFailure } from './translate-failure.ts';

/** What Step Functions says of a token whose task has ended, timed out, or never was. */
const goneNames = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** Task tokens of Step Functions. */
export class StepFunctionsTasks implements TaskReporter {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  heartbeat(taskToken: string): Promise<TaskAnswer> {
    return answer('states:SendTaskHeartbeat', () => this.#client.send(new SendTaskHeartbeatCommand({ taskToken })));
  }

  succeed(taskToken: string, output: unknown): Promise<TaskAnswer> {
    const command = new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) });
    return answer('states:SendTaskSuccess', () => this.#client.send(command));
  }

  fail(taskToken: string, { error, cause }: { readonly error: string; readonly cause: string }): Promise<TaskAnswer> {
    const command = new SendTaskFailureCommand({ taskToken, error, cause });
    return answer('states:SendTaskFailure', () => this.#client.send(command));
  }
}

function answer(operation: string, call: () => Promise<unknown>): Promise<TaskAnswer> {
  return translateFailure(operation, async () => {
    try {
      await call();
      return 'accepted';
    } catch (error) {
      if (error instanceof Error && goneNames.has(error.name)) return 'gone';
      throw error;
    }
  });
}
