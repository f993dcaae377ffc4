import { expect, it } from 'vitest';
import { realClock } from '../../../lib/core/clock.ts';
import { History } from '../../../local/states/history.ts';

const fill = (history: History, events: number) => {
  for (let n = 0; n < events; n++) history.record('PassStateEntered', n);
};

it('ends a standard execution before its 25,000th event, for which a place is kept', () => {
  const history = new History(realClock(), () => {});
  fill(history, 24_999);
  expect(() => history.record('PassStateExited', 1)).toThrow('maximum number of history events (25000)');
  expect(history.end('ExecutionFailed', 1)).toBe(25_000);
});

it('lets an express execution have as many events as it likes', () => {
  const history = new History(realClock(), () => {}, { express: true });
  fill(history, 30_000);
  expect(history.lastId).toBe(30_000);
});
