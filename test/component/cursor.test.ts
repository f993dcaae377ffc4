import { expect, test } from 'vitest';
import { comparePositions, cursorTypes } from '../../lib/component/cursor.ts';

test.each(cursorTypes.filter((type) => /INT/.test(type)))('positions of %s are compared as numbers', (type) => {
  expect(comparePositions(type, '9', '10')).toBeLessThan(0);
  expect(comparePositions(type, '18446744073709551615', '18446744073709551614')).toBeGreaterThan(0);
  expect(comparePositions(type, '-2', '-10')).toBeGreaterThan(0);
  expect(comparePositions(type, '7', '7')).toBe(0);
});

test.each([
  ['DATE', '2026-01-31', '2026-02-01'],
  ['TIMESTAMP', '2026-01-01 00:00:00', '2026-01-01 00:00:00.5'],
  ['TIMESTAMP', '2026-01-01 00:00:00.45', '2026-01-01 00:00:00.5'],
  ['TIMESTAMP WITH TIME ZONE', '2026-01-01 00:00:00+00', '2026-01-01 00:00:00.000001+00'],
  ['TIMESTAMP WITH TIME ZONE', '2026-01-01 00:00:00.5+00', '2026-01-01 00:00:00.55+00'],
])('of two positions of %s the earlier one is known: %s, %s', (type, earlier, later) => {
  expect([comparePositions(type, earlier, later), comparePositions(type, later, earlier)]).toEqual([-1, 1]);
});

test('nothing yet lies before every position', () => {
  expect([
    comparePositions('DATE', undefined, '2026-01-01'),
    comparePositions('DATE', '2026-01-01', undefined),
    comparePositions('DATE', undefined, undefined),
  ]).toEqual([-1, 1, 0]);
});
