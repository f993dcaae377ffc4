import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CalledCloud } from './called-cloud.ts';
import { fakeService } from './cloud-with-fakes.ts';

let states: CalledCloud;
let tokens: string[];

beforeEach(async () => {
  tokens = [];
  const lambda = fakeService('lambda', {
    async Invoke({ Payload }) {
      tokens.push(JSON.parse(Buffer.from(Payload).toString()).token);
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: Buffer.from('null') };
    },
  });
  states = await CalledCloud.start([lambda]);
});
afterEach(() => states.close());

const waiting = (fields: object = {}) => ({
  StartAt: 'Wait',
  States: {
    Wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: { FunctionName: 'f', Payload: { 'token.$': '$$.Task.Token' } },
      ...fields,
      End: true,
    },
  },
});

async function begun(fields?: object): Promise<string> {
  const executionArn = await states.begin(await states.create(waiting(fields)));
  await states.clock.advance(0);
  return executionArn;
}

const succeed = (taskToken: string) => states.call('SendTaskSuccess', { taskToken, output: '{"ok":1}' });

describe('a task token', () => {
  it('is good once', async () => {
    const executionArn = await begun();
    await succeed(tokens[0]!);
    expect(await states.settled(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"ok":1}' });
    await expect(succeed(tokens[0]!)).rejects.toMatchObject({ code: 'TaskTimedOut' });
  });

  it('takes a failure', async () => {
    const executionArn = await begun();
    await states.call('SendTaskFailure', { taskToken: tokens[0], error: 'E', cause: 'C' });
    expect(await states.settled(executionArn)).toMatchObject({ status: 'FAILED', error: 'E', cause: 'C' });
  });

  it('takes no more than a task may give', async () => {
    await begun();
    const [taskToken] = tokens;
    const large = states.call('SendTaskSuccess', { taskToken, output: JSON.stringify('x'.repeat(262_143)) });
    await expect(large).rejects.toMatchObject({ code: 'ValidationException' });
    const wordy = states.call('SendTaskFailure', { taskToken, error: 'E', cause: 'x'.repeat(32_769) });
    await expect(wordy).rejects.toMatchObject({ code: 'ValidationException' });
    await succeed(taskToken!);
  });

  it('is good for a year', async () => {
    await begun();
    await states.clock.advance(366 * 24 * 60 * 60 * 1000);
    await expect(succeed(tokens[0]!)).rejects.toMatchObject({ code: 'TaskTimedOut' });
  });

  it('is not made up', async () => {
    await begun();
    await expect(succeed('made-up')).rejects.toMatchObject({ code: 'InvalidToken' });
    const other = await CalledCloud.start();
    const foreign = other.call('SendTaskSuccess', { taskToken: tokens[0], output: '{}' });
    await expect(foreign).rejects.toMatchObject({ code: 'InvalidToken' });
    await other.close();
  });

  it('is over when its branch was given up, or goes on without it', async () => {
    const { Wait } = waiting().States;
    const Later = { Type: 'Wait', Seconds: 5, Next: 'Fail' };
    const failing = { StartAt: 'Later', States: { Later, Fail: { Type: 'Fail' } } };
    const caught = {
      StartAt: 'Late',
      States: {
        Late: {
          ...Wait,
          End: undefined,
          TimeoutSeconds: 1,
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'On' }],
          Next: 'On',
        },
        On: { Type: 'Wait', Seconds: 100, End: true },
      },
    };
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Mended' }];
    const Both = { Type: 'Parallel', Branches: [waiting(), failing, caught], Catch, End: true };
    const Mended = { Type: 'Wait', Seconds: 100, End: true };
    const executionArn = await states.begin(await states.create({ StartAt: 'Both', States: { Both, Mended } }));
    await states.clock.advance(2_000);
    const [given, late] = tokens;
    await expect(succeed(late!)).rejects.toMatchObject({ code: 'TaskTimedOut' });
    await states.call('SendTaskHeartbeat', { taskToken: given });
    await states.clock.advance(5_000);
    await expect(succeed(given!)).rejects.toMatchObject({ code: 'TaskTimedOut' });
    expect(await states.settled(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is over when its task timed out, when the execution was stopped, and for what is no JSON', async () => {
    const late = await begun({ TimeoutSeconds: 5 });
    const bad = states.call('SendTaskSuccess', { taskToken: tokens[0], output: '{' });
    await expect(bad).rejects.toMatchObject({ code: 'InvalidOutput' });
    expect(await states.settled(late)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    await expect(succeed(tokens[0]!)).rejects.toMatchObject({ code: 'TaskTimedOut' });
    const executionArn = await states.begin(await states.create(waiting(), { name: 'other' }));
    await states.clock.advance(0);
    await states.call('StopExecution', { executionArn, error: 'E' });
    expect(await states.settled(executionArn)).toMatchObject({ status: 'ABORTED' });
    await expect(succeed(tokens[1]!)).rejects.toMatchObject({ code: 'TaskTimedOut' });
  });
});
