import { expect, test } from 'vitest';
import type { Mishap } from './history.ts';
import type { CallNote } from './play.ts';
import { plainHistory } from './systematic.ts';
import { inGroups, isAlike, together } from './together.ts';

const calls = ['extract', 'extract', 'worker', 'commit', 'extract', 'commit', 'commit'].map(
  (name, at): CallNote => ({
    ...{ by: 'function', at, operation: 's3:PutObject', about: `penstock-solo-${name} a/key` },
    ...{ invocation: at, time: 0 },
  }),
);
const striking = (at: number) => {
  const mishap: Mishap = { by: 'function', at, what: 'kill after' };
  return { ...plainHistory('solo'), mishaps: [mishap] };
};
const numbers = (places: readonly number[]) =>
  inGroups(places.map(striking), calls).map((group) => group.flatMap((one) => one.mishaps.map(({ at }) => at)));

test('histories that strike different functions are put together, the earlier strikes first', () => {
  expect(numbers([3, 0])).toEqual([[0, 3]]);
  expect(numbers([3, 5, 2, 0])).toEqual([[0, 2, 3], [5]]);
});

test('each strike is in one group, and none with one of the same function', () => {
  const groups = numbers([0, 1, 2, 3, 4, 5, 6]);
  expect(groups.flat().toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const functions = groups.map((group) => group.map((at) => calls[at as number]!.about));
  expect(functions.filter((names) => new Set(names).size < names.length)).toEqual([]);
  expect(groups).toHaveLength(3);
});

test('what has no other function beside it is alone', () => {
  expect(numbers([0, 1, 4])).toEqual([[0], [1], [4]]);
});

test('later strikes are named, because the first one changes the numbers of calls', () => {
  const all = together([striking(0), striking(2), striking(5)], calls);
  expect(all.mishaps).toEqual([
    { by: 'function', at: 0, what: 'kill after' },
    { by: 'function', at: { call: 's3:PutObject', of: 'penstock-solo-worker a/key', nth: 0 }, what: 'kill after' },
    { by: 'function', at: { call: 's3:PutObject', of: 'penstock-solo-commit a/key', nth: 1 }, what: 'kill after' },
  ]);
});

test('ids and times that change do not keep a call from being known again', () => {
  const about = (id: string, time: string) => ({
    ...calls[0]!,
    about: `penstock-announce events/${time}~solo~${id}.json`,
  });
  const [first, second] = [
    about('0568279a4621fe07', '2026-01-02/01:00:00.000Z'),
    about('b10c279a4621fe0a', '2026-01-02/01:00:02.500Z'),
  ];
  expect(isAlike(first, second)).toBe(true);
  expect(isAlike(first, { ...second, about: second.about.replace('solo', 'wide') })).toBe(false);
  const all = [calls[3]!, { ...first, at: 7 }];
  expect(together([striking(3), striking(7)], all).mishaps.at(-1)!.at).toMatchObject({
    of: 'penstock-announce events/',
  });
});
