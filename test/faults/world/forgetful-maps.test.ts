import { expect, test } from 'vitest';
import { forgetfulMaps } from './forgetful-maps.ts';

test('maps of one function are empty once it forgets, and those of others as they were', () => {
  const [one, other] = [forgetfulMaps(), forgetfulMaps()];
  const key = {};
  const maps = [new one.WeakMap([[key, 1]]), new other.WeakMap([[key, 2]])];
  expect(maps.map((map) => map.get(key))).toEqual([1, 2]);
  one.forget();
  expect(maps.map((map) => map.has(key))).toEqual([false, true]);
  maps[0]!.set(key, 3);
  expect(maps[0]!.get(key)).toBe(3);
  expect(maps[0]!.delete(key)).toBe(true);
  expect(maps[0]).toBeInstanceOf(WeakMap);
});
