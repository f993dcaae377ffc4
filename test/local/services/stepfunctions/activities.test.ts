import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CalledCloud } from './called-cloud.ts';

let states: CalledCloud;
let activityArn: string;

beforeEach(async () => {
  states = await CalledCloud.start();
  ({ activityArn } = await states.call('CreateActivity', { name: 'work' }));
});
afterEach(() => states.close());

const machine = (fields: object = {}) => ({
  StartAt: 'Work',
  States: { Work: { Type: 'Task', Resource: activityArn, ...fields, End: true } },
});

describe('an activity', () => {
  it('gives its tasks to workers, and their results to executions', async () => {
    const executionArn = await states.begin(await states.create(machine()), { n: 1 });
    await states.clock.advance(0);
    const task = await states.call('GetActivityTask', { activityArn, workerName: 'ada' });
    expect(JSON.parse(task.input)).toEqual({ n: 1 });
    await states.call('SendTaskSuccess', { taskToken: task.taskToken, output: '{"done":true}' });
    expect(await states.settled(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"done":true}' });
    expect(await states.types(executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'ActivityScheduled',
      'ActivityStarted',
      'ActivitySucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('lets a worker wait for a minute', async () => {
    const polled = states.call('GetActivityTask', { activityArn });
    await states.clock.advance(59_000);
    const executionArn = await states.begin(await states.create(machine()));
    expect(await polled).toHaveProperty('taskToken');
    const empty = states.call('GetActivityTask', { activityArn });
    await states.clock.advance(60_000);
    expect(await empty).toEqual({});
    await states.call('StopExecution', { executionArn });
  });

  it('loses a worker that sends no heartbeats', async () => {
    const executionArn = await states.begin(await states.create(machine({ HeartbeatSeconds: 10, TimeoutSeconds: 60 })));
    await states.clock.advance(0);
    const { taskToken } = await states.call('GetActivityTask', { activityArn });
    await states.clock.advance(8_000);
    await states.call('SendTaskHeartbeat', { taskToken });
    await states.clock.advance(8_000);
    expect(await states.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'RUNNING' });
    expect(await states.settled(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(await states.types(executionArn)).toContain('ActivityTimedOut');
    const late = states.call('SendTaskHeartbeat', { taskToken });
    await expect(late).rejects.toMatchObject({ code: 'TaskTimedOut' });
  });

  it('is gone when it has been deleted', async () => {
    await states.call('DeleteActivity', { activityArn });
    const poll = states.call('GetActivityTask', { activityArn });
    await expect(poll).rejects.toMatchObject({ code: 'ActivityDoesNotExist' });
    await expect(states.call('DeleteActivity', { activityArn })).resolves.toEqual({});
  });
});
