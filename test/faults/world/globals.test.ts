import crypto from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { takeOver } from './globals.ts';

let giveBack = () => {};
afterEach(() => giveBack());

test('bytes for names never come again, whatever chances are given, and are their own', () => {
  giveBack = takeOver({ now: () => 0 }, () => 0.5);
  const all = Array.from({ length: 20_000 }, () => crypto.randomBytes(8));
  expect(new Set(all.map((bytes) => bytes.toString('hex'))).size).toBe(all.length);
  const [first, second] = [all[0]!, all[1]!];
  const before = second.toString('hex');
  first.fill(0);
  expect(second.toString('hex')).toBe(before);
});

test('ids of versions are of the given chances, and other lengths are whole', () => {
  giveBack = takeOver({ now: () => 0 }, () => 0.5);
  expect(crypto.randomBytes(24)).toEqual(Buffer.alloc(24, 128));
  for (const size of [1, 16, 64, 65, 70_000]) expect(crypto.randomBytes(size)).toHaveLength(size);
});
