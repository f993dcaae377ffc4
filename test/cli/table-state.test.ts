import { expect, test } from 'vitest';
import { tableState } from '../../lib/cli/option-values.ts';

test.each([
  ['3', { version: 3 }],
  ['420907982957495', { version: 420907982957495 }],
  ['2026-11-21', { at: Date.UTC(2026, 10, 21) }],
  ['2026-11-21T06:00Z', { at: Date.UTC(2026, 10, 21, 6) }],
  ['2026-11-21 06:00:30', { at: Date.UTC(2026, 10, 21, 6, 0, 30) }],
  ['2026-11-21T06:00+02:00', { at: Date.UTC(2026, 10, 21, 4) }],
])('%s names a state of a table', (text, state) => {
  expect(tableState(text)).toEqual(state);
});

test('a time ago is one, too', () => {
  const { at } = tableState('2h') as { at: number };
  expect(Date.now() - at).toBeGreaterThanOrEqual(7_200_000);
});

test.each([
  '',
  'yesterday',
  '2026-02-31',
  '2026-11-21T25:00Z',
  '2026-11-21 or so',
  '99999999999999999',
  '99999999999d',
  '-1',
])('"%s" names none', (text) => {
  expect(() => tableState(text)).toThrow(expect.objectContaining({ code: 'COMMAND_USAGE' }));
});
