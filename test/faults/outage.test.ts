import { afterAll, expect, test } from 'vitest';
import { Campaign } from './campaign.ts';
import { plainHistory } from './systematic.ts';
import { removeAssemblies } from './world/assemblies.ts';

const campaign = new Campaign();
afterAll(async () => {
  await campaign.close();
  removeAssemblies();
});

/** Calls that fail; a client makes six of one before it gives up. */
const failing = 48;

test('runs wait while the lake is down, and then publish every row once', async () => {
  const at = { call: 's3:PutObject', of: 'worker', nth: 0, times: failing };
  const mishaps = [{ by: 'function', at, what: 'break' } as const];
  const { ends, broken, virtualSeconds, calls } = await campaign.judge({ ...plainHistory('solo'), mishaps });
  expect({ ends, broken }).toEqual({ ends: ['SUCCEEDED'], broken: [] });
  const told = calls.filter(({ operation }) => operation === 's3:PutObject').map(({ about }) => about.split('~')[2]);
  const opened = told.filter((type) => type === 'CircuitOpened').length;
  expect(opened).toBeGreaterThan(1);
  // Each time twice as long, because only writes fail: the first read that gets through closes the circuit.
  expect(virtualSeconds).toBeGreaterThan(30 + 60);
});
