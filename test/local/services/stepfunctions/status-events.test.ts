import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';

let states: CalledCloud;
const delivered: JsonObject[] = [];

beforeAll(async () => {
  const events = () => ({
    name: 'events',
    operations: {},
    permissions: () => [],
    http: async () => {},
    deliver: (event: JsonObject) => void delivered.push(event),
  });
  states = await CalledCloud.start([events]);
});
beforeEach(() => {
  delivered.length = 0;
});
afterAll(() => states.close());

let count = 0;
const wait = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } };

/** An execution of version 1 of a new machine. */
async function begun(definition: object): Promise<string> {
  const arn = await states.create(definition, { name: `machine-${count++}`, publish: true });
  const executionArn = await states.begin(`${arn}:1`, { a: 1 }, { name: 'one' });
  await states.clock.advance(0);
  return executionArn;
}

it('tells the event bus when executions begin and end', async () => {
  const executionArn = await begun({ StartAt: 'Fail', States: { Fail: { Type: 'Fail', Error: 'E' } } });
  await states.settled(executionArn);
  expect(delivered).toMatchObject([
    {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [executionArn],
      detail: {
        executionArn,
        name: 'one',
        status: 'RUNNING',
        input: '{"a":1}',
        stopDate: null,
        output: null,
        redriveCount: 0,
        stateMachineVersionArn: expect.stringMatching(/:1$/),
        stateMachineAliasArn: null,
      },
    },
    { detail: { status: 'FAILED', error: 'E', cause: null } },
  ]);
  expect(delivered[1]!.detail.stopDate).toBeTypeOf('number');
});

it('tells how they end', async () => {
  await states.settled(await begun(wait));
  expect(delivered[1]!.detail).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"a":1}',
    outputDetails: { included: true },
  });
  await states.settled(await begun({ ...wait, TimeoutSeconds: 5 }));
  expect(delivered[3]!.detail).toMatchObject({ status: 'TIMED_OUT', output: null });
});

it('tells that they were stopped, and that they go on by a redrive', async () => {
  const executionArn = await begun(wait);
  await states.call('StopExecution', { executionArn, error: 'E', cause: 'C' });
  await states.call('RedriveExecution', { executionArn });
  await states.settled(executionArn);
  expect(delivered.map(({ detail }) => [detail.status, detail.redriveCount, detail.error])).toEqual([
    ['RUNNING', 0, null],
    ['ABORTED', 0, 'E'],
    ['RUNNING', 1, null],
    ['SUCCEEDED', 1, null],
  ]);
});
