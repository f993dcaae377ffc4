import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import { CalledCloud } from './called-cloud.ts';
import { fakeService } from './cloud-with-fakes.ts';

const folders: string[] = [];
const clouds: CalledCloud[] = [];

afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'states-restart-'));
  folders.push(made);
  return made;
}

async function start(dataFolder: string, lambda?: ReturnType<typeof fakeService>): Promise<CalledCloud> {
  const cloud = await CalledCloud.start(lambda ? [lambda] : [], dataFolder);
  clouds.push(cloud);
  return cloud;
}

/** What a process finds that starts after this one was killed now. */
function crashed(dataFolder: string): string {
  const image = folder();
  cpSync(dataFolder, image, { recursive: true });
  return image;
}

const call = (FunctionName: string, more: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName, Payload: '{% $states.input %}' },
  ...more,
});

const steps = {
  QueryLanguage: 'JSONata',
  StartAt: 'First',
  States: {
    First: call('first', { Assign: { kept: '{% $states.result.Payload %}' }, Output: { of: 'first' }, Next: 'Wait' }),
    Wait: { Type: 'Wait', Seconds: 100, Next: 'Second' },
    Second: call('second', { Output: '{% [$kept, $states.input] %}', End: true }),
  },
};

function recording(calls: string[]) {
  return fakeService('lambda', {
    async Invoke({ FunctionName, Payload }) {
      calls.push(FunctionName);
      return {
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        Payload: Buffer.from(`"${FunctionName} ${Payload}"`.replace(/(?<=.)"(?=.)/g, "'")),
      };
    },
  });
}

describe('an execution whose process was killed', () => {
  it('goes on at the state that it was in, and waits no longer than it would have', async () => {
    const dataFolder = folder();
    const calls: string[] = [];
    const first = await start(dataFolder, recording(calls));
    const executionArn = await first.begin(await first.create(steps), { a: 1 });
    await first.clock.advance(60_000);
    const second = await start(crashed(dataFolder), recording(calls));
    // The clocks of both begin at the same moment.
    await second.clock.advance(99_000);
    expect(await second.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'RUNNING' });
    await second.clock.advance(1_000);
    const ended = await second.settled(executionArn);
    expect(JSON.parse(ended.output)).toEqual(["first {'a':1}", { of: 'first' }]);
    expect(calls).toEqual(['first', 'second']);
    expect(await second.types(executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'WaitStateEntered',
      'WaitStateExited',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('has as many retries left as it had', async () => {
    const dataFolder = folder();
    const calls: string[] = [];
    const lambda = fakeService('lambda', {
      async Invoke({ FunctionName }) {
        calls.push(FunctionName);
        throw new AwsError('TooManyRequestsException', 'busy', 429);
      },
    });
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 10, BackoffRate: 1, MaxAttempts: 3 }];
    const machine = { ...steps, StartAt: 'Work', States: { Work: call('work', { Retry, End: true }) } };
    const first = await start(dataFolder, lambda);
    const executionArn = await first.begin(await first.create(machine));
    await first.clock.advance(15_000);
    expect(calls).toHaveLength(2);
    const second = await start(crashed(dataFolder), lambda);
    expect(await second.settled(executionArn)).toMatchObject({ status: 'FAILED' });
    expect(calls.length).toBeLessThanOrEqual(5);
  });

  it('is redriven as before, without what had succeeded in its branches', async () => {
    const dataFolder = folder();
    const calls: string[] = [];
    const branch = (name: string) => ({ StartAt: name, States: { [name]: call(name, { End: true }) } });
    const Both = { Type: 'Parallel', Branches: [branch('fine'), branch('hangs')], End: true };
    const lambda = (hanging: boolean) =>
      fakeService('lambda', {
        async Invoke({ FunctionName }, { signal }) {
          calls.push(FunctionName);
          if (hanging && FunctionName === 'hangs')
            await new Promise((_, reject) => signal.addEventListener('abort', reject));
          return { StatusCode: 200, Payload: Buffer.from('{}') };
        },
      });
    const first = await start(dataFolder, lambda(true));
    const machine = { QueryLanguage: 'JSONata', StartAt: 'Both', States: { Both } };
    const executionArn = await first.begin(await first.create(machine));
    await first.clock.advance(0);
    await first.call('StopExecution', { executionArn });
    const second = await start(crashed(dataFolder), lambda(false));
    await second.call('RedriveExecution', { executionArn });
    expect(await second.settled(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(calls).toEqual(['fine', 'hangs', 'hangs']);
  });

  it('is stopped, described and listed as before', async () => {
    const dataFolder = folder();
    const first = await start(dataFolder);
    const stateMachineArn = await first.create({
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 100, End: true } },
    });
    const running = await first.begin(stateMachineArn, {}, { name: 'running' });
    const stopped = await first.begin(stateMachineArn, {}, { name: 'stopped' });
    await first.call('StopExecution', { executionArn: stopped, error: 'E' });
    await first.clock.advance(0);
    const second = await start(crashed(dataFolder));
    const { executions } = await second.call('ListExecutions', { stateMachineArn });
    expect(
      Object.fromEntries(executions.map((one: { name: string; status: string }) => [one.name, one.status])),
    ).toEqual({
      running: 'RUNNING',
      stopped: 'ABORTED',
    });
    await second.call('StopExecution', { executionArn: running });
    expect(await second.types(running)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
    expect(await second.types(stopped)).toEqual(await first.types(stopped));
  });
});
