import { afterEach, expect, test, vi } from 'vitest';
import { Campaign } from './campaign.ts';
import type { PipelineName } from './pipelines.ts';
import { plainHistory } from './systematic.ts';
import { World } from './world/world.ts';

const campaign = new Campaign();
const realDate = Date;

afterEach(async () => {
  await campaign.close();
  vi.restoreAllMocks();
});

async function playedCalls(pipeline: PipelineName): Promise<readonly string[]> {
  const { calls, broken } = await campaign.judge(plainHistory(pipeline));
  expect(broken).toEqual([]);
  return calls.map(({ by, operation }) => `${by} ${operation}`);
}

test('histories of two pipelines in turn are as those of each alone, and each pipeline has one world', async () => {
  const start = vi.spyOn(World, 'start');
  const first = { solo: await playedCalls('solo'), exports: await playedCalls('exports') };
  expect(first.solo.length).toBeGreaterThan(50);
  expect({ solo: await playedCalls('solo'), exports: await playedCalls('exports') }).toEqual(first);
  expect(start).toHaveBeenCalledTimes(2);
}, 60_000);

test('the process has its own time back once all worlds are closed', async () => {
  await playedCalls('solo');
  await playedCalls('exports');
  expect(Date).not.toBe(realDate);
  await campaign.close();
  expect(Date).toBe(realDate);
}, 60_000);
