import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import type { JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';
import { fakeService } from './cloud-with-fakes.ts';

let states: CalledCloud;
/** Who was called, with what, since the last look. */
let calls: string[];
/** What is the matter with functions: those that should hang hang, those that should fail fail, or all hang. */
let trouble: 'each its own' | 'all hang' | undefined;

beforeAll(async () => {
  const lambda = fakeService('lambda', {
    async Invoke({ FunctionName, Payload }, { signal }) {
      calls.push(`${FunctionName} ${Buffer.from(Payload).toString()}`);
      if (trouble === 'all hang' || (trouble && FunctionName === 'hangs'))
        await new Promise((_, reject) => signal.addEventListener('abort', reject));
      if (trouble && FunctionName === 'fails') throw new AwsError('TooManyRequestsException', 'busy', 429);
      return { StatusCode: 200, Payload: Buffer.from('{}') };
    },
  });
  states = await CalledCloud.start([lambda]);
});
beforeEach(() => {
  calls = [];
  trouble = 'each its own';
});
afterAll(() => states.close());

const call = (FunctionName: string, next: JsonObject) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName, Payload: '{% $states.input %}' },
  ...next,
});
const machineOf = (States: JsonObject, more: JsonObject = {}) => ({ StartAt: Object.keys(States)[0], States, ...more });
const end = { End: true };

let count = 0;
async function begun(definition: JsonObject, input: object = {}): Promise<string> {
  const arn = await states.create({ QueryLanguage: 'JSONata', ...definition }, { name: `machine-${count++}` });
  const executionArn = await states.begin(arn, input);
  await states.clock.advance(0);
  return executionArn;
}

/** The events of a redrive, with the names of the states that they tell of. */
async function redriven(executionArn: string) {
  trouble = undefined;
  calls = [];
  await states.call('RedriveExecution', { executionArn });
  const described = await states.settled(executionArn);
  const { events } = await states.call('GetExecutionHistory', { executionArn });
  const types = events.map(({ type }: { type: string }) => type);
  return { ...described, since: types.slice(types.lastIndexOf('ExecutionRedriven') + 1).join(' ') };
}

const ways: [string, (executionArn: string) => Promise<unknown>][] = [
  ['was stopped', (executionArn) => states.call('StopExecution', { executionArn })],
  ['took too long', () => states.clock.advance(60_000)],
];

const twoSteps = (last: JsonObject) => ({
  Before: call('before', { Assign: { kept: 'variable' }, Output: 'before', Next: 'Hang' }),
  Hang: call('hangs', { Output: '{% [$states.input, $kept] %}', ...last }),
});

describe.each(ways)('an execution that %s', (_how, give) => {
  const limited = (States: JsonObject) => machineOf(States, { TimeoutSeconds: 60 });

  it('begins the state anew that it was in', async () => {
    const executionArn = await begun(limited(twoSteps(end)));
    await give(executionArn);
    const { status, output, since } = await redriven(executionArn);
    expect({ status, output, calls }).toEqual({
      status: 'SUCCEEDED',
      output: '["before","variable"]',
      calls: ['hangs before'],
    });
    expect(since).toBe('TaskScheduled TaskStarted TaskSucceeded TaskStateExited ExecutionSucceeded');
  });

  it('repeats only what had not succeeded in its branches', async () => {
    const Branches = [machineOf({ Fine: call('fine', { Output: 'fine', ...end }) }), machineOf(twoSteps(end))];
    const executionArn = await begun(limited({ Both: { Type: 'Parallel', Branches, ...end } }));
    await give(executionArn);
    const { output, since } = await redriven(executionArn);
    expect(JSON.parse(output)).toEqual(['fine', ['before', 'variable']]);
    expect(calls).toEqual(['hangs before']);
    expect(since).toBe(
      'ParallelStateStarted TaskScheduled TaskStarted TaskSucceeded TaskStateExited ParallelStateSucceeded ParallelStateExited ExecutionSucceeded',
    );
  });

  it('repeats only what had not succeeded in the iterations of its Map, however deep', async () => {
    const Inner = { Type: 'Parallel', Branches: [machineOf(twoSteps(end))], ...end };
    const Choices = [{ Condition: '{% $states.input = 1 %}', Next: 'Fine' }];
    const Which = { Type: 'Choice', Choices, Default: 'Inner' };
    const ItemProcessor = machineOf({ Which, Fine: call('fine', { Output: 'fine', ...end }), Inner });
    const Each = { Type: 'Map', Items: [1, 2, 1], MaxConcurrency: 2, ItemProcessor, ...end };
    const executionArn = await begun(limited({ Each }));
    await give(executionArn);
    expect(calls.sort()).toEqual(['before 2', 'fine 1', 'fine 1', 'hangs before']);
    const { output } = await redriven(executionArn);
    expect(JSON.parse(output)).toEqual(['fine', [['before', 'variable']], 'fine']);
    expect(calls).toEqual(['hangs before']);
  });

  it('loses nothing when that happens to it twice', async () => {
    const Branches = [machineOf({ Fine: call('fine', end) }), machineOf(twoSteps(end))];
    const executionArn = await begun(limited({ Both: { Type: 'Parallel', Branches, ...end } }));
    await give(executionArn);
    await states.call('RedriveExecution', { executionArn });
    await states.clock.advance(0);
    await give(executionArn);
    expect(await redriven(executionArn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 2 });
    expect(calls).toEqual(['hangs before']);
  });

  it('goes on with the children of its Map Run where each of them was', async () => {
    const ItemProcessor = {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...machineOf({
        First: call("{% $states.input = 3 ? 'late' : 'first' %}", { Output: '{% $states.input %}', Next: 'Second' }),
        Second: call("{% $states.input = 1 ? 'fine' : 'hangs' %}", { Output: '{% $states.input %}', ...end }),
      }),
    };
    const Each = { Type: 'Map', Items: [1, 2, 3], MaxConcurrency: 1, ItemProcessor, ...end };
    const executionArn = await begun(limited({ Each }));
    await give(executionArn);
    expect(calls).toEqual(['first 1', 'fine 1', 'first 2', 'hangs 2']);
    const { output, since } = await redriven(executionArn);
    expect(output).toBe('[1,2,3]');
    expect(calls).toEqual(['hangs 2', 'late 3', 'hangs 3']);
    expect(since).toBe('MapRunRedriven MapRunSucceeded MapStateSucceeded MapStateExited ExecutionSucceeded');
    const { mapRuns } = await states.call('ListMapRuns', { executionArn });
    const { executions } = await states.call('ListExecutions', { mapRunArn: mapRuns[0].mapRunArn });
    expect(executions.map((child: JsonObject) => child.redriveCount)).toEqual([0, 1, 0]);
    expect(await states.types(executions[1].executionArn)).toEqual([
      ...['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited'],
      ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'ExecutionAborted'],
      ...[
        'ExecutionRedriven',
        'TaskScheduled',
        'TaskStarted',
        'TaskSucceeded',
        'TaskStateExited',
        'ExecutionSucceeded',
      ],
    ]);
  });
});

describe('a redrive', () => {
  const children = (fields: JsonObject, States: JsonObject, ExecutionType = 'STANDARD') => ({
    Type: 'Map',
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType }, ...machineOf(States) },
    ...fields,
    ...end,
  });

  it('begins express children anew', async () => {
    const States = { First: call('first', { Next: 'Second', Output: 2 }), Second: call('fails', end) };
    const executionArn = await begun(machineOf({ Each: children({ Items: [1] }, States, 'EXPRESS') }));
    expect(await states.settled(executionArn)).toMatchObject({ status: 'FAILED' });
    expect(await redriven(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(calls).toEqual(['first 1', 'fails 2']);
  });

  it('leaves children pending that wait for their turn', async () => {
    const fields = { Items: [1, 2, 3], MaxConcurrency: 1, ToleratedFailureCount: 1 };
    const executionArn = await begun(
      machineOf({ Each: children(fields, { Only: call('fails', { Output: {}, ...end }) }) }),
    );
    await states.settled(executionArn);
    trouble = 'all hang';
    await states.call('RedriveExecution', { executionArn });
    await states.clock.advance(0);
    const { mapRuns } = await states.call('ListMapRuns', { executionArn });
    const { mapRunArn } = mapRuns[0];
    expect(await states.call('DescribeMapRun', { mapRunArn })).toMatchObject({
      status: 'RUNNING',
      executionCounts: { running: 1, pendingRedrive: 1, failed: 0, total: 2 },
    });
    const { executions } = await states.call('ListExecutions', { mapRunArn, statusFilter: 'PENDING_REDRIVE' });
    expect(executions).toHaveLength(1);
    await states.call('StopExecution', { executionArn });
    expect(await redriven(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '[{},{},{}]' });
  });

  it('leaves children as they are that no redrive can help, and ends after a thousand redrives', async () => {
    const fields = { Items: [1, 2], MaxConcurrency: 1, ToleratedFailureCount: 1 };
    const executionArn = await begun(machineOf({ Each: children(fields, { Only: call('fails', end) }) }));
    await states.settled(executionArn);
    const { mapRuns } = await states.call('ListMapRuns', { executionArn });
    const { mapRunArn } = mapRuns[0];
    const { executions } = await states.call('ListExecutions', { mapRunArn });
    const old = states.cloud.store.collection<JsonObject>('states.executions');
    const { executionArn: lost } = executions[0];
    old.set(lost, { ...old.get(lost)!, startTime: 0, stopTime: states.clock.now() });
    const counts = async () => (await states.call('DescribeMapRun', { mapRunArn })).executionCounts;
    expect(await counts()).toMatchObject({ failed: 2, failuresNotRedrivable: 1 });
    expect(await redriven(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await counts()).toMatchObject({ failed: 1, succeeded: 1 });
    expect(calls).toHaveLength(1);
    const strict = await begun(machineOf({ Each: children({ Items: [1] }, { Only: { Type: 'Fail' } }) }));
    await states.settled(strict);
    const { mapRuns: own } = await states.call('ListMapRuns', { executionArn: strict });
    const runs = states.cloud.store.collection<JsonObject>('states.map-runs');
    const records = states.cloud.store.collection<JsonObject>('states.executions');
    runs.set(own[0].mapRunArn, { ...runs.get(own[0].mapRunArn)!, redriveCount: 1_000 });
    records.set(strict, { ...records.get(strict)!, redriveCount: 1_000 });
    const { error, cause } = await redriven(strict);
    expect({ error, cause }).toEqual({ error: 'States.Runtime', cause: expect.stringContaining('1000 times') });
  });

  it('takes up the last Map Run of a state that was tried again', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }];
    const Each = children({ Items: [1], Retry }, { Only: call('fails', end) });
    const executionArn = await begun(machineOf({ Each }));
    await states.settled(executionArn);
    expect(await redriven(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    const { mapRuns } = await states.call('ListMapRuns', { executionArn });
    const described = await Promise.all(
      mapRuns.map(({ mapRunArn }: JsonObject) => states.call('DescribeMapRun', { mapRunArn })),
    );
    expect(described.map(({ status, redriveCount }) => `${status} ${redriveCount}`)).toEqual([
      'SUCCEEDED 1',
      'FAILED 0',
    ]);
  });

  it('goes on with a Map Run inside of a branch', async () => {
    const Branches = [machineOf({ Each: children({ Items: [1, 2] }, { Only: call('fails', end) }) })];
    const executionArn = await begun(machineOf({ Both: { Type: 'Parallel', Branches, ...end } }));
    await states.settled(executionArn);
    const { since } = await redriven(executionArn);
    expect(since).toBe(
      'ParallelStateStarted MapRunRedriven MapRunSucceeded MapStateSucceeded MapStateExited ParallelStateSucceeded ParallelStateExited ExecutionSucceeded',
    );
  });

  it('repeats all of a state whose results were too large together', async () => {
    const Branches = [1, 2].map((n) =>
      machineOf({ [`Large ${n}`]: call('fine', { Output: "{% $pad('', 200000) %}", ...end }) }),
    );
    const executionArn = await begun(machineOf({ Both: { Type: 'Parallel', Branches, ...end } }));
    expect(await states.settled(executionArn)).toMatchObject({ error: 'States.DataLimitExceeded' });
    await redriven(executionArn);
    expect(calls).toHaveLength(2);
    const Each = children({ Items: [1, 2] }, { Only: call('fine', { Output: "{% $pad('', 200000) %}", ...end }) });
    const second = await begun(machineOf({ Each }));
    expect(await states.settled(second)).toMatchObject({ error: 'States.DataLimitExceeded' });
    const { since } = await redriven(second);
    expect(since).toMatch(/^MapRunStarted /);
    expect(calls).toHaveLength(2);
  });

  it('gives a state all of its retries again, and all of its wait', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 }];
    const executionArn = await begun(machineOf({ Only: call('fails', { Retry, ...end }) }));
    await states.settled(executionArn);
    calls = [];
    await states.call('RedriveExecution', { executionArn });
    await states.settled(executionArn);
    expect(calls).toHaveLength(3);
    const waiting = await begun(machineOf({ Wait: { Type: 'Wait', Seconds: 100, ...end } }));
    await states.clock.advance(90_000);
    await states.call('StopExecution', { executionArn: waiting });
    const { redriveDate, stopDate } = await redriven(waiting);
    expect(stopDate - redriveDate).toBe(100_000);
  });

  it('is one redrive, however often it is asked for with the same token', async () => {
    const executionArn = await begun(machineOf({ Only: call('fails', end) }));
    await states.settled(executionArn);
    const redrive = (clientToken: string) => states.call('RedriveExecution', { executionArn, clientToken });
    const first = await redrive('a');
    await states.settled(executionArn);
    expect(await redrive('a')).toEqual(first);
    expect(await states.call('DescribeExecution', { executionArn })).toMatchObject({ redriveCount: 1 });
    await redrive('b');
    expect(await states.settled(executionArn)).toMatchObject({ redriveCount: 2 });
    await states.clock.advance(16 * 60_000);
    await redrive('a');
    expect(await states.settled(executionArn)).toMatchObject({ redriveCount: 3 });
  });
});

describe('an execution that cannot be redriven', () => {
  it.each([
    ['Execution redrivable period exceeded', () => states.clock.advance(15 * 24 * 60 * 60 * 1000)],
    [
      'State machine is in DELETING status',
      ({ stateMachineArn }: JsonObject) => states.call('DeleteStateMachine', { stateMachineArn }),
    ],
  ])('says why: %s', async (reason, happen) => {
    const executionArn = await begun(machineOf({ Fail: { Type: 'Fail' } }));
    await happen(await states.settled(executionArn));
    expect(await states.call('DescribeExecution', { executionArn })).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: reason,
    });
    const refused = states.call('RedriveExecution', { executionArn });
    await expect(refused).rejects.toMatchObject({ code: 'ExecutionNotRedrivable', message: reason });
  });
});
