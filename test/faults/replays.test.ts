import { afterAll, expect, test } from 'vitest';
import { Campaign } from './campaign.ts';
import { replayedHistory } from './systematic.ts';
import { removeAssemblies } from './world/assemblies.ts';

const campaign = new Campaign();
afterAll(async () => {
  await campaign.close();
  removeAssemblies();
});

test('rejects are published once, though who replays them is gone after the first run was started', async () => {
  const history = replayedHistory('solo');
  const { calls, broken, ends } = await campaign.judge(history);
  expect({ broken, ends }).toEqual({ broken: [], ends: ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'] });
  const start = calls.find(({ by, operation }) => by === 'person' && operation === 'states:StartExecution')!;
  const mishaps = [{ by: 'person', at: start.at, what: 'kill after' } as const];
  expect(await campaign.judge({ ...history, mishaps })).toMatchObject({ broken: [], ends: Array(3).fill('SUCCEEDED') });
});
