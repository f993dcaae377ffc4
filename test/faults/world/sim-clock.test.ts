import { expect, test } from 'vitest';
import { SimClock } from './sim-clock.ts';

test('tells whole milliseconds, whatever it was asked to wait', () => {
  const clock = new SimClock(1000);
  clock.after(0.4, () => {});
  clock.whenPassed(0.2, () => {});
  expect(clock.runNext()).toBe(true);
  expect(clock.now()).toBe(1001);
});
