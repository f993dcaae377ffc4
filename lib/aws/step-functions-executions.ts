import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  RedriveExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { planDigestOf } from '../core/plan-comment.ts';
import type { Executions } from '../runtime/ports/executions.ts';
import { executionArn as arnOf } from './deployed-machine.ts';
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

  planOf(stateMachineArn: string): Promise<string | undefined> {
    const command = new DescribeStateMachineCommand({ stateMachineArn });
    return translateFailure('states:DescribeStateMachine', async () => {
      const { definition = '{}' } = await this.#client.send(command);
      return planDigestOf((JSON.parse(definition) as { Comment?: string }).Comment);
    });
  }

  attempts({ stateMachineArn, name }: Parameters<Executions['attempts']>[0]): Promise<number> {
    const executionArn = arnOf(stateMachineArn, name);
    return translateFailure('states:DescribeExecution', async () => {
      try {
        const { redriveCount = 0 } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
        return redriveCount + 1;
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 0;
        throw error;
      }
    });
  }

  redrive({ stateMachineArn, name }: Parameters<Executions['redrive']>[0]): ReturnType<Executions['redrive']> {
    const executionArn = arnOf(stateMachineArn, name);
    return translateFailure('states:RedriveExecution', async () => {
      try {
        const { status } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
        if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return 'running';
        await this.#client.send(new RedriveExecutionCommand({ executionArn }));
        return 'redriven';
      } catch (failure) {
        if (failure instanceof ExecutionNotRedrivable) return { refused: failure.message };
        if (failure instanceof ExecutionDoesNotExist) return { refused: 'its execution is not known any more' };
        throw failure;
      }
    });
  }

  stop({ stateMachineArn, name, error, cause }: Parameters<Executions['stop']>[0]): Promise<'stopped' | 'ended'> {
    const executionArn = arnOf(stateMachineArn, name);
    return translateFailure('states:StopExecution', async () => {
      try {
        const { status } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
        if (status !== 'RUNNING' && status !== 'PENDING_REDRIVE') return 'ended';
        await this.#client.send(new StopExecutionCommand({ executionArn, error, cause }));
        return 'stopped';
      } catch (failure) {
        if (failure instanceof ExecutionDoesNotExist) return 'ended';
        throw failure;
      }
    });
  }
}
