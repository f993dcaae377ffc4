import { CreateStateMachineCommand, DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StepFunctionsExecutions } from '../../lib/aws/step-functions-executions.ts';
import { StepFunctionsTasks } from '../../lib/aws/step-functions-tasks.ts';
import { createStepFunctions } from '../../local/services/stepfunctions/index.ts';
import { fakeService } from '../local/services/stepfunctions/cloud-with-fakes.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';

let aws: LocalAws;
/** Called with the token of the next task that waits. */
let tokens: string[] = [];
let stateMachineArn = '';

beforeAll(async () => {
  const queue = fakeService('sqs', {
    async SendMessage({ MessageBody }) {
      tokens.push(JSON.parse(MessageBody).token);
      return { MessageId: '1' };
    },
  });
  aws = await startLocalAws([createStepFunctions, queue]);
  const definition = {
    StartAt: 'Wait',
    States: {
      Wait: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: 'http://127.0.0.1/1/q', MessageBody: { 'token.$': '$$.Task.Token' } },
        TimeoutSeconds: 3600,
        End: true,
      },
    },
  };
  const created = await aws.sfn.send(
    new CreateStateMachineCommand({
      name: 'waiting',
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::000000000000:role/machine',
    }),
  );
  stateMachineArn = created.stateMachineArn!;
});
afterAll(() => aws.stop());

async function waitingTask(name: string) {
  tokens = [];
  const { executionArn } = await aws.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: '{}' }));
  await expect.poll(() => tokens).toHaveLength(1);
  return { executionArn, token: tokens[0]! };
}

async function ended(executionArn: string | undefined) {
  const describeIt = () => aws.sfn.send(new DescribeExecutionCommand({ executionArn }));
  await expect.poll(async () => (await describeIt()).status).not.toBe('RUNNING');
  return describeIt();
}

describe('tasks', () => {
  const tasks = () => new StepFunctionsTasks(aws.sfn);

  test('are alive until they are answered, then gone', async () => {
    const { executionArn, token } = await waitingTask('succeeds');
    expect(await tasks().heartbeat(token)).toBe('accepted');
    expect(await tasks().succeed(token, { chunk: '000000' })).toBe('accepted');
    expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"chunk":"000000"}' });
    expect(await tasks().heartbeat(token)).toBe('gone');
    expect(await tasks().succeed(token, {})).toBe('gone');
    expect(await tasks().fail(token, { error: 'E', cause: '' })).toBe('gone');
  });

  test('fail under the name that they are given', async () => {
    const { executionArn, token } = await waitingTask('fails');
    await tasks().fail(token, { error: 'LedgerImbalanceError', cause: '{"code":"LEDGER_IMBALANCE"}' });
    expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'LedgerImbalanceError' });
  });

  test('that never were are gone', async () => {
    expect(await tasks().heartbeat('no such token')).toBe('gone');
  });
});

describe('executions', () => {
  const executions = () => new StepFunctionsExecutions(aws.sfn);

  test('start once by their name', async () => {
    tokens = [];
    const request = { stateMachineArn, name: 'orders-1', input: { pipeline: 'orders' } };
    expect(await executions().start(request)).toBe('started');
    await expect.poll(() => tokens).toHaveLength(1);
    await new StepFunctionsTasks(aws.sfn).succeed(tokens[0]!, {});
    await ended(`${stateMachineArn.replace(':stateMachine:', ':execution:')}:orders-1`);
    expect(await executions().start(request)).toBe('exists');
  });

  test('of a machine that does not exist are refused', async () => {
    const request = { stateMachineArn: `${stateMachineArn}x`, name: 'a', input: {} };
    await expect(executions().start(request)).rejects.toMatchObject({ name: 'ResourceMissingError' });
  });
});
