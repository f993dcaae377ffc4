import { afterAll, expect, test } from 'vitest';
import { Campaign } from './campaign.ts';
import { storedCases } from './cases.ts';
import { guards } from './guards.ts';
import { emptyTally, playCase } from './sets.ts';
import { removeAssemblies } from './world/assemblies.ts';

const campaign = new Campaign();
afterAll(async () => {
  await campaign.close();
  removeAssemblies();
});

/** CI plays them all; this is what a person who cancels asks most of. */
const inEveryRun = ['without-a-begun-commit-is-remembered'];

test('each guard has a history that fails without it', () => {
  const guarded = [...storedCases().values()].flatMap(({ guard }) => guard ?? []);
  expect(guarded.toSorted()).toEqual(guards.map(({ name }) => name).toSorted());
});

test.each(inEveryRun)('%s: holds as things are, and is noticed where the guard is missing', async (name) => {
  const tally = emptyTally();
  await playCase(campaign, { name, ...storedCases().get(name)! }, guards, tally);
  expect(tally).toMatchObject({ histories: 2, failures: [] });
});
