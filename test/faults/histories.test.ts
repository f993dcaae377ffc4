import { afterAll, expect, test } from 'vitest';
import { Campaign, type JudgeOptions } from './campaign.ts';
import type { Act, History } from './history.ts';
import { emptyTally, playRandom } from './sets.ts';
import { shrunk } from './shrink.ts';
import { plainHistory } from './systematic.ts';
import { removeAssemblies } from './world/assemblies.ts';
import { sessionsOpened } from './world/remembered-duckdb.ts';

const campaign = new Campaign();
afterAll(async () => {
  await campaign.close();
  removeAssemblies();
});

test('a history is the same each time that it is played: calls, order, time and end', async () => {
  const first = await campaign.judge(plainHistory('solo'));
  const second = await campaign.judge(plainHistory('solo'));
  expect(first).toMatchObject({ broken: [], ends: ['SUCCEEDED'], virtualSeconds: 0 });
  const operations = ({ calls }: typeof first) => calls.map(({ by, operation }) => `${by} ${operation}`);
  expect(operations(second).length).toBeGreaterThan(60);
  expect(operations(second)).toEqual(operations(first));
});

/** Of a worker that gets nothing through: it uses up what its clients may try, and then the attempts of its run. */
const outage = {
  ...plainHistory('solo'),
  mishaps: [{ by: 'function', at: { call: 's3:PutObject', of: 'worker', nth: 0, times: 40 }, what: 'break' } as const],
};

test('a history is the same whether functions have just begun, are warm, or have used up their tries before', async () => {
  const [waits] = outage.mishaps;
  const history = { ...outage, mishaps: [{ ...waits!, at: { ...waits!.at, times: 3 } }] };
  const callsOf = async (options?: JudgeOptions) =>
    (await campaign.judge(history, options)).calls.map(({ by, operation, time }) => `${by} ${operation} at ${time}`);
  const cold = await callsOf({ cold: true });
  expect(await callsOf()).toEqual(cold);
  await campaign.judge(outage);
  expect(await callsOf()).toEqual(cold);
});

test('a history is the same however many functions wait from histories before', async () => {
  const [drop] = plainHistory('solo').acts as Extract<Act, { readonly do: 'drop' }>[];
  const secondFile = (after: number): History => ({
    ...plainHistory('solo'),
    acts: [drop!, { ...drop!, key: 1, after }],
  });
  const callsOf = async (options?: JudgeOptions) =>
    (await campaign.judge(secondFile(1000), options)).calls.map(({ by, operation }) => `${by} ${operation}`);
  const cold = await callsOf({ cold: true });
  // Two runs at once need two of each.
  await campaign.judge(secondFile(0));
  expect(await callsOf()).toEqual(cold);
});

test.each([0, 1, 2, 3])('who cancels a run, and gets no answer to call %i, asks again, and all is well', async (at) => {
  const mishaps = [{ by: 'person', at, what: 'kill after' } as const];
  const { acts } = plainHistory('solo');
  const history: History = { ...plainHistory('solo'), acts: [...acts, { after: 30, do: 'cancel', run: 0 }], mishaps };
  const { broken, calls } = await campaign.judge(history);
  expect(broken).toEqual([]);
  expect(calls.filter(({ by }) => by === 'person').length).toBeGreaterThan(at + 1);
});

test('somebody does something as soon as a call of some name is made, however many were made before', async () => {
  const { acts } = plainHistory('solo');
  const after = { call: 'dynamodb:UpdateItem', of: 'extract', nth: 0 } as const;
  const { calls, broken } = await campaign.judge({
    ...plainHistory('solo'),
    acts: [...acts, { after, do: 'cancel', run: 0 }],
  });
  const named = calls.findIndex(({ operation, about }) => operation === after.call && about.includes(after.of));
  const person = calls.findIndex(({ by }) => by === 'person');
  expect(broken).toEqual([]);
  expect(named).toBeGreaterThan(0);
  expect(person - named).toBeOneOf([1, 2, 3]);
});

test('what somebody does after so many calls comes about where a file alone makes too few of them', async () => {
  const [drop] = plainHistory('marked').acts;
  const acts: Act[] = [drop!, { after: 40, do: 'mark' }];
  const { marks, broken, ends } = await campaign.judge({ ...plainHistory('marked'), acts });
  expect({ marks: marks.length, broken, ends }).toEqual({ marks: 1, broken: [], ends: ['SUCCEEDED'] });
});

test('what somebody does later comes about where nothing could be written before', async () => {
  await campaign.close();
  const at = { call: 'dynamodb:TransactWriteItems', of: 'trigger', nth: 0, times: 36 } as const;
  const { broken, acted } = await campaign.judge({
    ...plainHistory('solo'),
    acts: [...plainHistory('solo').acts, { after: 1500, do: 'redeliver' }],
    mishaps: [{ by: 'function', at, what: 'break' }],
  });
  expect({ broken, acted }).toEqual({ broken: [], acted: ['redrive-dead-letter'] });
});

test('a function that is killed as soon as it has moved a table is called again, and publishes nothing twice', async () => {
  const { calls } = await campaign.judge(plainHistory('solo'));
  const move = calls.find(({ operation }) => operation === 'glue:CreateTable')!;
  const mishaps = [{ by: 'function', at: move.at, what: 'kill after' } as const];
  expect(await campaign.judge({ ...plainHistory('solo'), mishaps })).toMatchObject({
    broken: [],
    ends: ['SUCCEEDED'],
  });
});

test('whatever happens to a few runs, every row ends in one place, once', async () => {
  const tally = emptyTally();
  await playRandom(campaign, { from: 1, count: 24, only: 'solo' }, tally);
  expect(tally.failures).toEqual([]);
  expect(tally.histories).toBeGreaterThan(1);
});

test('a history that fails is shrunk to what it takes', async () => {
  const history = {
    ...plainHistory('solo'),
    mishaps: [7, 8, 9].map((at) => ({ by: 'function', at, what: 'throttle' }) as const),
    order: [1, 0, 2],
  };
  const needsTheSecond = async ({ mishaps }: typeof history) => mishaps.some(({ at }) => at === 8);
  expect(await shrunk(history, needsTheSecond as never)).toMatchObject({
    acts: [],
    mishaps: [{ at: 8 }],
    order: [],
  });
});

test('what DuckDB has answered in two histories, it is not asked in a third one', async () => {
  const opened: number[] = [];
  for (let time = 0; time < 3; time++) {
    const before = sessionsOpened();
    expect(await campaign.judge(plainHistory('replace'))).toMatchObject({ ends: ['SUCCEEDED'], broken: [] });
    opened.push(sessionsOpened() - before);
  }
  expect(opened[0]).toBeGreaterThan(0);
  expect(opened[2]).toBe(0);
});
