import { afterEach, expect, it } from 'vitest';
import { CalledCloud } from './called-cloud.ts';

let states: CalledCloud;
afterEach(() => states.close());

const map = (fields: object) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Map',
  States: {
    Map: {
      Type: 'Map',
      Items: '{% [1..6] %}',
      ...fields,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Wait',
        States: { Wait: { Type: 'Wait', Seconds: 10, End: true } },
      },
      End: true,
    },
  },
});

async function begun(fields: object) {
  states = await CalledCloud.start();
  const executionArn = await states.begin(await states.create(map(fields)));
  await states.clock.advance(0);
  const { mapRuns } = await states.call('ListMapRuns', { executionArn });
  const { mapRunArn } = mapRuns[0];
  const counts = async () => (await states.call('DescribeMapRun', { mapRunArn })).executionCounts;
  return { executionArn, mapRunArn, counts };
}

it('keeps to limits that are changed while it goes on', async () => {
  const { executionArn, mapRunArn, counts } = await begun({ MaxConcurrency: 1 });
  expect(await counts()).toMatchObject({ running: 1, total: 1 });
  await states.call('UpdateMapRun', { mapRunArn, maxConcurrency: 4 });
  await states.clock.advance(0);
  expect(await counts()).toMatchObject({ running: 4, total: 4 });
  await states.clock.advance(20_000);
  expect(await counts()).toMatchObject({ running: 0, succeeded: 6, resultsWritten: 6 });
  expect(await states.settled(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
});

it('stops its children with its execution', async () => {
  const { executionArn, mapRunArn, counts } = await begun({ Label: 'Own' });
  expect(mapRunArn).toContain(':mapRun:machine/Own:');
  await states.call('StopExecution', { executionArn });
  await states.clock.advance(0);
  expect(await counts()).toMatchObject({ running: 0, aborted: 6 });
  expect(await states.call('DescribeMapRun', { mapRunArn })).toMatchObject({ status: 'ABORTED' });
  const { executions } = await states.call('ListExecutions', { mapRunArn, statusFilter: 'ABORTED' });
  expect(executions).toHaveLength(6);
});
