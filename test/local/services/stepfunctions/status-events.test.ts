import { afterEach, expect, it } from 'vitest';
import type { JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';

let states: CalledCloud;
afterEach(() => states.close());

it('tells the event bus when executions begin and end', async () => {
  const delivered: JsonObject[] = [];
  const events = () => ({
    name: 'events',
    operations: {},
    permissions: () => [],
    http: async () => {},
    deliver: (event: JsonObject) => void delivered.push(event),
  });
  states = await CalledCloud.start([events]);
  const fail = { StartAt: 'Fail', States: { Fail: { Type: 'Fail', Error: 'E' } } };
  const executionArn = await states.begin(await states.create(fail), { a: 1 }, { name: 'one' });
  await states.settled(executionArn);
  expect(delivered).toMatchObject([
    {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [executionArn],
      detail: { executionArn, name: 'one', status: 'RUNNING', input: '{"a":1}', stopDate: null, output: null },
    },
    { detail: { status: 'FAILED', error: 'E', cause: null } },
  ]);
  expect(delivered[1]!.detail.stopDate).toBeTypeOf('number');
});
