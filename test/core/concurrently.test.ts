import { expect, test } from 'vitest';
import { concurrently } from '../../lib/core/concurrently.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('keeps to the limit and gives results in the order of the items', async () => {
  let running = 0;
  let most = 0;
  const results = await concurrently([5, 1, 4, 2, 3], 2, async (turns) => {
    most = Math.max(most, ++running);
    for (let n = 0; n < turns; n++) await turn();
    running--;
    return turns * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test('begins nothing after a failure, and waits for what runs', async () => {
  const begun: number[] = [];
  let ended = 0;
  const work = concurrently([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('first');
    await turn();
    ended++;
  });
  await expect(work).rejects.toThrow('first');
  expect(begun).toEqual([1, 2]);
  expect(ended).toBe(1);
});

test('does nothing for no items', async () => {
  expect(await concurrently([], 4, async () => 1)).toEqual([]);
});
