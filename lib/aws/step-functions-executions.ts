import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Executions } from '../runtime/ports/executions.ts';
import { translateFailure } from './translate-failure.ts';

/** Executions of Step Functions. */
export class StepFunctionsExecutions implements Executions {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  start({ stateMachineArn, name, input }: Parameters<Executions['start']>[0]): Promise<'started' | 'exists'> {
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    return translateFailure('states:StartExecution', async () => {
      try {
        await this.#client.send(command);
        return 'started';
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'exists';
        throw error;
      }
    });
  }
}
