import { expect, test } from 'vitest';
import { retryAfterSeconds } from '../../lib/core/retry-after.ts';

const now = Date.UTC(2026, 10, 21, 6, 0, 0);

test.each([
  ['120', 120],
  [' 0 ', 0],
  ['1.2', 2],
  ['Sat, 21 Nov 2026 06:02:00 GMT', 120],
  ['Saturday, 21-Nov-26 06:02:00 GMT', 120],
  ['Sat Nov 21 06:02:00 2026 GMT', 120],
  ['Sat, 21 Nov 2026 05:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['2026', 2026],
  ['', undefined],
  ['Sat, 99 Nov 2026', undefined],
])('Retry-After: %s is %s seconds', (text, seconds) => {
  expect(retryAfterSeconds(text, now)).toBe(seconds);
});
