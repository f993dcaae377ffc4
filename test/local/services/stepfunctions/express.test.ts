import { StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CalledCloud } from './called-cloud.ts';
import { role, startCloud } from './cloud-with-fakes.ts';

let states: CalledCloud;
beforeEach(async () => {
  states = await CalledCloud.start();
});
afterEach(() => states.close());

const wait = (seconds: number) => ({
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: seconds, Next: 'Done' },
    Done: { Type: 'Pass', Result: { done: true }, End: true },
  },
});
const express = { type: 'EXPRESS' };

describe('an express workflow', () => {
  it('answers with how it ended, where it is waited for', async () => {
    const stateMachineArn = await states.create(wait(1), express);
    const running = states.call('StartSyncExecution', { stateMachineArn, input: '{"a":1}' });
    await states.clock.advance(1_000);
    const ended = await running;
    expect(ended).toMatchObject({
      status: 'SUCCEEDED',
      input: '{"a":1}',
      output: '{"done":true}',
      billingDetails: { billedDurationInMilliseconds: 1_000, billedMemoryUsedInMB: 64 },
    });
    expect(ended.executionArn).toMatch(/^arn:aws:states:us-east-1:000000000000:express:machine:[^:]+:[^:]+$/);
  });

  it('answers the SDK, which calls it at a host of another name', async () => {
    const { client, cloud, stop } = await startCloud();
    const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
    const machine = { name: 'machine', roleArn: role, definition, ...express };
    const root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;
    const { stateMachineArn } = await cloud.call('states', 'CreateStateMachine', machine, root);
    const ended = await client.send(new StartSyncExecutionCommand({ stateMachineArn, input: '{"a":1}' }));
    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
    await stop();
  });

  it('tells of its failure in the answer as well', async () => {
    const fail = { StartAt: 'Fail', States: { Fail: { Type: 'Fail', Error: 'E', Cause: 'C' } } };
    const stateMachineArn = await states.create(fail, express);
    const ended = await states.call('StartSyncExecution', { stateMachineArn });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'E', cause: 'C' });
  });

  it('answers without its data where that is asked for', async () => {
    const stateMachineArn = await states.create(wait(0), express);
    const ended = await states.call('StartSyncExecution', { stateMachineArn, includedData: 'METADATA_ONLY' });
    expect(ended).toMatchObject({ status: 'SUCCEEDED', outputDetails: { included: false } });
    expect(ended).not.toHaveProperty('output');
    expect(ended).not.toHaveProperty('input');
  });

  it('ends after five minutes at the latest', async () => {
    const stateMachineArn = await states.create(wait(301), express);
    const running = states.call('StartSyncExecution', { stateMachineArn });
    await states.clock.advance(300_000);
    expect(await running).toMatchObject({ status: 'TIMED_OUT' });
  });

  it('may be started any number of times under one name, and is not kept', async () => {
    const stateMachineArn = await states.create(wait(0), express);
    const first = await states.begin(stateMachineArn, {}, { name: 'same' });
    const second = await states.begin(stateMachineArn, { other: 1 }, { name: 'same' });
    expect(second).not.toBe(first);
    const listed = states.call('ListExecutions', { stateMachineArn });
    await expect(listed).rejects.toMatchObject({ code: 'StateMachineTypeNotSupported' });
    const described = states.call('DescribeExecution', { executionArn: first });
    await expect(described).rejects.toMatchObject({ code: 'InvalidArn' });
  });

  it('is not what a STANDARD one is', async () => {
    const stateMachineArn = await states.create(wait(0));
    const sync = states.call('StartSyncExecution', { stateMachineArn });
    await expect(sync).rejects.toMatchObject({ code: 'StateMachineTypeNotSupported' });
  });
});
