import { afterEach, describe, expect, it } from 'vitest';
import { createIam } from '../../../../local/services/iam/index.ts';
import { createLogs } from '../../../../local/services/logs/index.ts';
import type { JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';
import { role } from './cloud-with-fakes.ts';

let states: CalledCloud;
afterEach(() => states.close());

const root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;
const group = '/aws/vendedlogs/states/machine';
const logGroupArn = `arn:aws:logs:us-east-1:000000000000:log-group:${group}:*`;
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } };
const caught = {
  StartAt: 'Work',
  States: {
    Work: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'missing' },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Fail' }],
      End: true,
    },
    Fail: { Type: 'Fail', Error: 'E', Cause: 'C' },
  },
};

async function logged(level: string, more: JsonObject = {}) {
  states = await CalledCloud.start([createLogs, ...(more.iam ? [createIam] : [])]);
  if (more.iam) {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    await states.cloud.call('iam', 'CreateRole', { RoleName: role.split('/')[1], AssumeRolePolicyDocument }, root);
  }
  await states.cloud.call('logs', 'CreateLogGroup', { logGroupName: group }, root);
  const destinations = [{ cloudWatchLogsLogGroup: { logGroupArn } }];
  const loggingConfiguration = { level, destinations, includeExecutionData: more.includeExecutionData ?? false };
  const stateMachineArn = await states.create(caught, { loggingConfiguration, type: more.type ?? 'STANDARD' });
  const executionArn = await states.begin(stateMachineArn, { a: 1 });
  for (let turn = 0; turn < 20; turn++) await states.clock.advance(100);
  const { events } = await states.cloud.call('logs', 'FilterLogEvents', { logGroupName: group }, root);
  return { executionArn, lines: events.map(({ message }: { message: string }) => JSON.parse(message)) };
}

describe('the log of an execution', () => {
  it('has every event at level ALL, without data unless it is asked for', async () => {
    const { lines, executionArn } = await logged('ALL');
    expect(lines.map(({ type }: { type: string }) => type)).toEqual(await states.types(executionArn));
    expect(lines[0]).toMatchObject({ id: '1', execution_arn: executionArn, redrive_count: '0' });
    expect(lines[0].details).not.toHaveProperty('input');
  });

  it('has data where it is asked for, of express executions as well', async () => {
    const { lines } = await logged('ALL', { includeExecutionData: true, type: 'EXPRESS' });
    expect(lines[0].details).toMatchObject({ input: '{"a":1}' });
    expect(lines.at(-1)).toMatchObject({ type: 'ExecutionFailed', details: { error: 'E', cause: 'C' } });
  });

  it('has failures at level ERROR, and only that of the execution at level FATAL', async () => {
    const { lines } = await logged('ERROR');
    expect(lines.map(({ type }: { type: string }) => type)).toEqual([
      'TaskFailed',
      'FailStateEntered',
      'ExecutionFailed',
    ]);
    await states.close();
    const fatal = await logged('FATAL');
    expect(fatal.lines.map(({ type }: { type: string }) => type)).toEqual(['ExecutionFailed']);
  });

  it('is written where roles are held to their policies, too: nobody asks for those of the delivery', async () => {
    const { lines } = await logged('FATAL', { iam: true });
    expect(lines).toMatchObject([{ type: 'ExecutionFailed' }]);
  });

  it('has nothing at level OFF', async () => {
    expect((await logged('OFF', { includeExecutionData: true })).lines).toEqual([]);
  });

  it('goes to a group that exists', async () => {
    states = await CalledCloud.start([createLogs]);
    const destinations = [{ cloudWatchLogsLogGroup: { logGroupArn } }];
    const created = states.create(caught, { loggingConfiguration: { level: 'ALL', destinations } });
    await expect(created).rejects.toMatchObject({ code: 'InvalidLoggingConfiguration' });
  });
});
