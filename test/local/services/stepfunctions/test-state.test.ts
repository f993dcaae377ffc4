import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';
import { fakeService, role } from './cloud-with-fakes.ts';

let states: CalledCloud;

beforeEach(async () => {
  const lambda = fakeService('lambda', {
    async Invoke() {
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: Buffer.from('{"real":true}') };
    },
  });
  states = await CalledCloud.start([lambda]);
});
afterEach(() => states.close());

const tested = (state: object, more: JsonObject = {}) =>
  states.call('TestState', { definition: JSON.stringify(state), roleArn: role, ...more });

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'f', 'Payload.$': '$.in' },
  ResultSelector: { 'picked.$': '$.Payload' },
  ResultPath: '$.out',
  Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 2 }],
  Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Mend' }],
  Next: 'More',
};
const input = '{"in":1}';

describe('a test of one state', () => {
  it('calls what the state calls', async () => {
    expect(await tested(task, { input })).toEqual({
      status: 'SUCCEEDED',
      output: '{"in":1,"out":{"picked":{"real":true}}}',
      nextState: 'More',
    });
  });

  it('takes a mock in its place, and shows what data became on its way', async () => {
    const mock = { result: '{"Payload":{"mocked":true}}' };
    const { inspectionData, output } = await tested(task, { input, mock, inspectionLevel: 'DEBUG' });
    expect(JSON.parse(output).out).toEqual({ picked: { mocked: true } });
    expect(inspectionData).toMatchObject({
      input,
      afterParameters: '{"FunctionName":"f","Payload":1}',
      afterResultSelector: '{"picked":{"mocked":true}}',
    });
  });

  it('tells that it would be tried again, and what catches it when it would not', async () => {
    const mock = { errorOutput: { error: 'Busy', cause: 'why' } };
    const retried = await tested(task, { input, mock, inspectionLevel: 'DEBUG' });
    expect(retried).toMatchObject({ status: 'RETRIABLE', error: 'Busy' });
    const configuration = { stateConfiguration: { retrierRetryCount: 2 } };
    const caught = await tested(task, { input, mock, ...configuration });
    expect(caught).toMatchObject({ status: 'CAUGHT_ERROR', nextState: 'Mend', error: 'Busy', cause: 'why' });
    expect(JSON.parse(caught.output)).toEqual({ in: 1, error: { Error: 'Busy', Cause: 'why' } });
  });

  it('refuses mocks that the service would not answer', async () => {
    const publish = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Parameters: { TopicArn: 't', Message: 'm' },
      End: true,
    };
    const wrong = tested(publish, { mock: { result: '{"MessageId":7}' } });
    await expect(wrong).rejects.toMatchObject({ code: 'ValidationException' });
    const lenient = tested(publish, { mock: { result: '{"MessageId":7}', fieldValidationMode: 'NONE' } });
    await expect(lenient).resolves.toMatchObject({ status: 'SUCCEEDED' });
  });

  it('shows what a Map would make of its items', async () => {
    const state = {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON', ItemsPointer: '/rows' },
        Parameters: { Bucket: 'b', 'Key.$': '$.key' },
      },
      ItemSelector: { 'n.$': '$$.Map.Item.Value', 'from.$': '$$.Map.Item.Source' },
      ItemBatcher: { MaxItemsPerBatch: 2 },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'One',
        States: { One: { Type: 'Pass', End: true } },
      },
      End: true,
    };
    const { inspectionData } = await tested(state, {
      input: '{"key":"k"}',
      mock: { result: '["out"]' },
      stateConfiguration: { mapItemReaderData: '{"rows":[1,2,3]}' },
      inspectionLevel: 'DEBUG',
    });
    const items = [1, 2, 3].map((n) => ({ n, from: 's3://b/k' }));
    expect(JSON.parse(inspectionData.afterItemsPointer)).toEqual([1, 2, 3]);
    expect(JSON.parse(inspectionData.afterItemSelector)).toEqual(items);
    expect(JSON.parse(inspectionData.afterItemBatcher)).toEqual([{ Items: items.slice(0, 2) }, { Items: [items[2]] }]);
  });

  it('gives a state inside a Map its item', async () => {
    const inner = { Type: 'Pass', Parameters: { 'at.$': '$$.Map.Item.Index', 'is.$': '$$.Map.Item.Value' }, End: true };
    const ItemProcessor = { StartAt: 'Inner', States: { Inner: inner } };
    const machine = { StartAt: 'Each', States: { Each: { Type: 'Map', ItemProcessor, End: true } } };
    const { output } = await tested(machine, { stateName: 'Inner', input });
    expect(JSON.parse(output)).toEqual({ at: 0, is: { in: 1 } });
  });

  it('does not wait for what nobody would send it, nor for longer than five minutes', async () => {
    const token = { ...task, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' };
    const job = { ...task, Resource: 'arn:aws:states:::states:startExecution.sync:2' };
    const activity = { ...task, Parameters: {}, Resource: 'arn:aws:states:us-east-1:000000000000:activity:work' };
    for (const state of [token, job, activity]) {
      await expect(tested(state, { input })).rejects.toMatchObject({ code: 'InvalidDefinition' });
    }
    const waited = tested({ Type: 'Wait', Seconds: 301, End: true });
    await states.clock.advance(300_000);
    expect(await waited).toEqual({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('picks a state out of a machine', async () => {
    const machine = {
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Result: 2, End: true } },
    };
    expect(await tested(machine, { stateName: 'B' })).toMatchObject({ status: 'SUCCEEDED', output: '2' });
  });
});
