import { HistoryEventType } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../../local/iam/principals.ts';
import { createIam } from '../../../../local/services/iam/index.ts';
import type { JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';
import { fakeService } from './cloud-with-fakes.ts';

let states: CalledCloud;
let roleArn: string;
let activityArn: string;

const iam = (operation: string, input: JsonObject) =>
  states.cloud.call('iam', operation, input, root(states.cloud.accountId));

async function createRole(RoleName: string): Promise<string> {
  const Principal = { Service: 'states.amazonaws.com' };
  const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] };
  const { Role } = await iam('CreateRole', { RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) });
  return Role.Arn;
}

beforeAll(async () => {
  const lambda = fakeService('lambda', {
    async Invoke({ FunctionName }, { signal }) {
      const name = FunctionName.split(':').at(-1);
      if (name === 'never') await new Promise((_, reject) => signal.addEventListener('abort', reject));
      const failed = name === 'broken' ? { FunctionError: 'Unhandled' } : {};
      return { StatusCode: 200, ...failed, Payload: Buffer.from('{"errorType":"Broken"}') };
    },
  });
  states = await CalledCloud.start([createIam, lambda]);
  roleArn = await createRole('machine');
  ({ activityArn } = await states.call('CreateActivity', { name: 'work' }));
});
afterAll(() => states.close());

const end = { End: true };
const machineOf = (States: JsonObject, more: JsonObject = {}) => ({ StartAt: Object.keys(States)[0], States, ...more });
const pass = { Type: 'Pass', ...end };
const wait = { Type: 'Wait', Seconds: 100, ...end };
const fail = { Type: 'Fail', Error: 'Own' };
const own = (name: string) => ({ Resource: `arn:aws:lambda:us-east-1:000000000000:function:${name}` });
const invoke = (FunctionName: string, pattern = '') => ({
  Resource: `arn:aws:states:::lambda:invoke${pattern}`,
  Parameters: { FunctionName, ...(pattern ? { Payload: { 'token.$': '$$.Task.Token' } } : {}) },
});
const task = (fields: JsonObject) => machineOf({ Task: { Type: 'Task', ...fields, ...end } });
const distributed = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
const map = (state: JsonObject, config: JsonObject = {}) => ({
  Type: 'Map',
  ItemsPath: '$.items',
  ItemProcessor: { ...config, ...machineOf({ [`${state.Type} item`]: state }) },
  ...end,
});
const input = { items: [1, 2] };

let count = 0;
const begun = async (definition: object, role = roleArn) =>
  states.begin(await states.create(definition, { name: `machine-${count++}`, roleArn: role }), input);

async function ended(definition: object, role?: string): Promise<string> {
  const executionArn = await begun(definition, role);
  await states.settled(executionArn);
  return executionArn;
}

async function worked(fields: JsonObject, operation: string, answer: JsonObject): Promise<string> {
  const executionArn = await begun(task({ Resource: activityArn, ...fields }));
  await states.clock.advance(0);
  const { taskToken } = await states.call('GetActivityTask', { activityArn });
  if (operation) await states.call(operation, { taskToken, ...answer });
  await states.settled(executionArn);
  return executionArn;
}

async function startedWithoutRole(definition: object): Promise<string> {
  const role = await createRole(`gone-${count++}`);
  const arn = await states.create(definition, { name: `machine-${count++}`, roleArn: role });
  await iam('DeleteRole', { RoleName: role.split('/').at(-1) });
  const executionArn = await states.begin(arn, input);
  await states.settled(executionArn);
  return executionArn;
}

async function redriven(definition: object): Promise<string> {
  const executionArn = await ended(definition);
  await states.call('RedriveExecution', { executionArn });
  await states.settled(executionArn);
  return executionArn;
}

/** A branch that fails while others are in the middle of something. */
const interrupted = machineOf({
  All: {
    Type: 'Parallel',
    Branches: [
      machineOf({ Later: { ...wait, Seconds: 1, End: undefined, Next: 'Fail' }, Fail: fail }),
      task(own('never')),
      machineOf({ Wait: wait }),
      machineOf({ Inner: { Type: 'Parallel', Branches: [machineOf({ Inmost: wait })], ...end } }),
      machineOf({ Inline: map(wait) }),
      machineOf({ Distributed: map(task(own('never')).States.Task, distributed) }),
    ],
    ...end,
  },
});

/** What is told of what happens, without the events that begin and end every execution. */
const cases: [string, () => Promise<string>, string][] = [
  [
    'states that only decide',
    () =>
      ended(
        machineOf({
          Pass: { Type: 'Pass', Next: 'Choice' },
          Choice: { Type: 'Choice', Choices: [{ Variable: '$.items', IsPresent: true, Next: 'Wait' }] },
          Wait: { ...wait, End: undefined, Next: 'Succeed' },
          Succeed: { Type: 'Succeed' },
        }),
      ),
    'PassStateEntered PassStateExited ChoiceStateEntered ChoiceStateExited WaitStateEntered WaitStateExited SucceedStateEntered SucceedStateExited ExecutionSucceeded',
  ],
  ['a failure', () => ended(machineOf({ Fail: fail })), 'FailStateEntered ExecutionFailed'],
  [
    'an expression without a value',
    () => ended(machineOf({ Pass: { ...pass, Output: '{% $nothing %}' } }, { QueryLanguage: 'JSONata' })),
    'PassStateEntered EvaluationFailed ExecutionFailed',
  ],
  [
    'an execution that was stopped',
    async () => {
      const executionArn = await begun(machineOf({ Wait: wait }));
      await states.clock.advance(0);
      await states.call('StopExecution', { executionArn });
      return executionArn;
    },
    'WaitStateEntered ExecutionAborted',
  ],
  [
    'an execution that took too long',
    () => ended(machineOf({ Wait: wait }, { TimeoutSeconds: 5 })),
    'WaitStateEntered ExecutionTimedOut',
  ],
  [
    'a redrive',
    () => redriven(machineOf({ Fail: fail })),
    'FailStateEntered ExecutionFailed ExecutionRedriven ExecutionFailed',
  ],
  [
    'a function',
    () => ended(task(own('fine'))),
    'TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded TaskStateExited ExecutionSucceeded',
  ],
  [
    'a function that fails',
    () => ended(task(own('broken'))),
    'TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionFailed ExecutionFailed',
  ],
  [
    'a function that takes too long',
    () => ended(task({ ...own('never'), TimeoutSeconds: 5 })),
    'TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionTimedOut ExecutionFailed',
  ],
  [
    'a function, with a role that has gone',
    () => startedWithoutRole(task(own('fine'))),
    'TaskStateEntered LambdaFunctionScheduled LambdaFunctionStartFailed ExecutionFailed',
  ],
  [
    'a service, with a role that has gone',
    () => startedWithoutRole(task(invoke('fine'))),
    'TaskStateEntered TaskScheduled TaskStartFailed ExecutionFailed',
  ],
  [
    'a service',
    () => ended(task(invoke('fine'))),
    'TaskStateEntered TaskScheduled TaskStarted TaskSucceeded TaskStateExited ExecutionSucceeded',
  ],
  [
    'a service that fails',
    () => ended(task(invoke('broken'))),
    'TaskStateEntered TaskScheduled TaskStarted TaskFailed ExecutionFailed',
  ],
  [
    'a token that does not come back',
    () => ended(task({ ...invoke('fine', '.waitForTaskToken'), TimeoutSeconds: 5 })),
    'TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskTimedOut ExecutionFailed',
  ],
  [
    'a token that cannot be handed out',
    () => ended(task(invoke('broken', '.waitForTaskToken'))),
    'TaskStateEntered TaskScheduled TaskStarted TaskSubmitFailed ExecutionFailed',
  ],
  [
    'an activity',
    () => worked({}, 'SendTaskSuccess', { output: '{}' }),
    'TaskStateEntered ActivityScheduled ActivityStarted ActivitySucceeded TaskStateExited ExecutionSucceeded',
  ],
  [
    'an activity that fails',
    () => worked({}, 'SendTaskFailure', { error: 'Own' }),
    'TaskStateEntered ActivityScheduled ActivityStarted ActivityFailed ExecutionFailed',
  ],
  [
    'an activity that takes too long',
    () => worked({ TimeoutSeconds: 5 }, '', {}),
    'TaskStateEntered ActivityScheduled ActivityStarted ActivityTimedOut ExecutionFailed',
  ],
  [
    'an inline Map',
    () => ended(machineOf({ Map: { ...map(pass), MaxConcurrency: 1 } })),
    'MapStateEntered MapStateStarted MapIterationStarted PassStateEntered PassStateExited MapIterationSucceeded MapIterationStarted PassStateEntered PassStateExited MapIterationSucceeded MapStateSucceeded MapStateExited ExecutionSucceeded',
  ],
  [
    'an iteration that fails while another one waits',
    () =>
      ended(
        machineOf({
          Map: {
            ...map(pass),
            ItemProcessor: machineOf({
              Which: { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 1, Next: 'Wait' }], Default: 'Fail' },
              Wait: wait,
              Fail: fail,
            }),
          },
        }),
      ),
    'MapStateEntered MapStateStarted MapIterationStarted MapIterationStarted ChoiceStateEntered ChoiceStateEntered ChoiceStateExited ChoiceStateExited FailStateEntered WaitStateEntered MapIterationAborted WaitStateAborted MapIterationFailed MapStateFailed ExecutionFailed',
  ],
  [
    'a distributed Map',
    () => ended(machineOf({ Map: map(pass, distributed) })),
    'MapStateEntered MapStateStarted MapRunStarted MapRunSucceeded MapStateSucceeded MapStateExited ExecutionSucceeded',
  ],
  [
    'a Map Run that fails, and its redrive',
    () => redriven(machineOf({ Map: map(fail, distributed) })),
    'MapStateEntered MapStateStarted MapRunStarted MapRunFailed MapStateFailed ExecutionFailed ExecutionRedriven MapRunRedriven MapRunFailed MapStateFailed ExecutionFailed',
  ],
  [
    'branches',
    () => ended(machineOf({ Both: { Type: 'Parallel', Branches: [machineOf({ Pass: pass })], ...end } })),
    'ParallelStateEntered ParallelStateStarted PassStateEntered PassStateExited ParallelStateSucceeded ParallelStateExited ExecutionSucceeded',
  ],
];

/** Why no history here has an event of these types. */
const never: Readonly<Record<string, string>> = {
  ActivityScheduleFailed:
    'AWS ends the execution at once where there is no such activity, as its recordings show; it names no other cause',
  LambdaFunctionScheduleFailed:
    'Belongs to quotas on functions that are open at a time, which AWS has and local AWS has not: a call that is refused fails the function that was scheduled',
};

const told = new Set<string>(['ExecutionStarted']);

describe('history tells of', () => {
  it.each(cases)('%s', async (_what, happen, expected) => {
    const types = await states.types(await happen());
    for (const type of types) told.add(type);
    expect(types.join(' ')).toBe(`ExecutionStarted ${expected}`);
  });

  it('everything that was going on when a branch failed', async () => {
    const types = await states.types(await ended(interrupted));
    for (const type of types) told.add(type);
    expect(types.slice(types.indexOf('FailStateEntered')).join(' ')).toBe(
      'FailStateEntered TaskStateAborted WaitStateAborted WaitStateAborted ParallelStateAborted MapIterationAborted WaitStateAborted MapIterationAborted WaitStateAborted MapStateAborted MapRunAborted MapStateAborted ParallelStateFailed ExecutionFailed',
    );
  });

  it('all that AWS has events for, but for what it does not tell itself or cannot happen here', () => {
    expect([...told, ...Object.keys(never)].sort()).toEqual(Object.values(HistoryEventType).sort());
  });
});
