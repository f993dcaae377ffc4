import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import { isoTime } from '../../../../local/states/iso-time.ts';
import { CalledCloud } from './called-cloud.ts';
import { fakeService } from './cloud-with-fakes.ts';

let states: CalledCloud;
afterEach(() => states.close());

/** A function that fails until it has been mended. */
function flaky() {
  const calls: string[] = [];
  const own = { broken: true, calls };
  const lambda = fakeService('lambda', {
    async Invoke({ FunctionName, Payload }) {
      calls.push(`${FunctionName} ${Buffer.from(Payload).toString()}`);
      if (own.broken && FunctionName === 'second') throw new AwsError('TooManyRequestsException', 'busy', 429);
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: Buffer.from('{"ok":true}') };
    },
  });
  return { ...own, own, lambda };
}

const task = (FunctionName: string, next: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName, Payload: '{% $states.input %}' },
  ...next,
});

const twoSteps = {
  QueryLanguage: 'JSONata',
  StartAt: 'First',
  States: {
    First: task('first', { Assign: { kept: 'variable' }, Output: { of: 'first' }, Next: 'Second' }),
    Second: task('second', { Output: '{% $kept %}', End: true }),
  },
};

describe('a redriven execution', () => {
  it('goes on at the state that failed, with its input and variables', async () => {
    const { lambda, own, calls } = flaky();
    states = await CalledCloud.start([lambda]);
    const executionArn = await states.begin(await states.create(twoSteps));
    expect(await states.settled(executionArn)).toMatchObject({ status: 'FAILED', redriveStatus: 'REDRIVABLE' });
    own.broken = false;
    await states.call('RedriveExecution', { executionArn });
    expect(await states.settled(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '"variable"',
      redriveCount: 1,
      redriveStatus: 'NOT_REDRIVABLE',
    });
    expect(calls).toEqual(['first {}', 'second {"of":"first"}', 'second {"of":"first"}']);
    const types = await states.types(executionArn);
    expect(types).toContain('ExecutionRedriven');
    expect(types.filter((type) => type === 'ExecutionStarted')).toHaveLength(1);
  });

  it('has its time limit from the moment of its redrive, of which its context object tells', async () => {
    const { lambda, own } = flaky();
    states = await CalledCloud.start([lambda]);
    const Output = '{% [$states.context.Execution.RedriveTime, $states.context.Execution.RedriveCount] %}';
    const States = {
      Call: task('second', { Next: 'Wait' }),
      Wait: { Type: 'Wait', Seconds: 50, Output, End: true },
    };
    const limited = { QueryLanguage: 'JSONata', TimeoutSeconds: 60, StartAt: 'Call', States };
    const executionArn = await states.begin(await states.create(limited));
    await states.settled(executionArn);
    await states.clock.advance(3_600_000);
    own.broken = false;
    const { redriveDate } = await states.call('RedriveExecution', { executionArn });
    const ended = await states.settled(executionArn);
    expect(ended.status).toBe('SUCCEEDED');
    expect(JSON.parse(ended.output)).toEqual([isoTime(redriveDate.getTime()), 1]);
  });

  it.each(['Parallel', 'Map'])('does not repeat what succeeded inside of a %s', async (Type) => {
    const { lambda, own, calls } = flaky();
    states = await CalledCloud.start([lambda]);
    const fine = { StartAt: 'Fine', States: { Fine: task('fine', { Output: 'fine', End: true }) } };
    const broken = {
      StartAt: 'Before',
      States: {
        Before: task('before', { Assign: { kept: 'variable' }, Output: 'before', Next: 'Broken' }),
        Broken: task('second', { Output: '{% [$states.input, $kept] %}', End: true }),
      },
    };
    const Choices = [{ Condition: "{% $states.input = 'fine' %}", Next: 'Fine' }];
    const ItemProcessor = {
      StartAt: 'Which',
      States: { Which: { Type: 'Choice', Choices, Default: 'Before' }, ...fine.States, ...broken.States },
    };
    const inside =
      Type === 'Map'
        ? { Items: ['fine', 'broken', 'fine'], ItemProcessor, MaxConcurrency: 1 }
        : { Branches: [fine, broken] };
    const Both = { Type, ...inside, End: true };
    const executionArn = await states.begin(
      await states.create({ QueryLanguage: 'JSONata', StartAt: 'Both', States: { Both } }),
    );
    expect(await states.settled(executionArn)).toMatchObject({ status: 'FAILED' });
    const earlier = calls.splice(0).map((call) => call.split(' ')[0]);
    expect(earlier.sort()).toEqual(['before', 'fine', 'second']);
    own.broken = false;
    await states.call('RedriveExecution', { executionArn });
    const { output } = await states.settled(executionArn);
    const mended = ['fine', ['before', 'variable']];
    expect(JSON.parse(output)).toEqual(Type === 'Map' ? [...mended, 'fine'] : mended);
    expect(calls).toEqual(['second before', ...(Type === 'Map' ? ['fine fine'] : [])]);
  });

  it('may be filtered for', async () => {
    const { lambda } = flaky();
    states = await CalledCloud.start([lambda]);
    const stateMachineArn = await states.create(twoSteps);
    const first = await states.begin(stateMachineArn);
    await states.settled(first);
    await states.settled(await states.begin(stateMachineArn));
    await states.call('RedriveExecution', { executionArn: first });
    await states.settled(first);
    const { executions } = await states.call('ListExecutions', { stateMachineArn, redriveFilter: 'REDRIVEN' });
    expect(executions.map(({ executionArn }: { executionArn: string }) => executionArn)).toEqual([first]);
    const failed = await states.call('ListExecutions', { stateMachineArn, statusFilter: 'FAILED' });
    expect(failed.executions).toHaveLength(2);
  });

  it('was not running, had not succeeded, and had not ended long ago', async () => {
    const { lambda, own } = flaky();
    states = await CalledCloud.start([lambda]);
    const stateMachineArn = await states.create(twoSteps);
    const failed = await states.begin(stateMachineArn);
    await states.settled(failed);
    own.broken = false;
    const succeeded = await states.begin(stateMachineArn);
    await states.settled(succeeded);
    const redrive = (executionArn: string) => states.call('RedriveExecution', { executionArn });
    await expect(redrive(succeeded)).rejects.toMatchObject({ code: 'ExecutionNotRedrivable' });
    await states.clock.advance(15 * 24 * 60 * 60 * 1000);
    await expect(redrive(failed)).rejects.toMatchObject({ code: 'ExecutionNotRedrivable' });
  });

  it('runs only those children of its Map Run again that failed', async () => {
    const { lambda, own, calls } = flaky();
    states = await CalledCloud.start([lambda]);
    const map = {
      QueryLanguage: 'JSONata',
      StartAt: 'Map',
      States: {
        Map: {
          Type: 'Map',
          Items: ['first', 'second'],
          MaxConcurrency: 1,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Item',
            States: { Item: task('{% $states.input %}', { Output: '{% $states.input %}', End: true }) },
          },
          End: true,
        },
      },
    };
    const executionArn = await states.begin(await states.create(map));
    expect(await states.settled(executionArn)).toMatchObject({ status: 'FAILED' });
    own.broken = false;
    await states.call('RedriveExecution', { executionArn });
    expect(await states.settled(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '["first","second"]' });
    expect(calls.filter((call) => call.startsWith('first'))).toHaveLength(1);
    expect(await states.types(executionArn)).toContain('MapRunRedriven');
    const { mapRuns } = await states.call('ListMapRuns', { executionArn });
    expect(await states.call('DescribeMapRun', { mapRunArn: mapRuns[0].mapRunArn })).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 1,
      itemCounts: { total: 2, succeeded: 2, failed: 0 },
    });
  });
});
