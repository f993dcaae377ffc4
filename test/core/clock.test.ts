import { expect, test } from 'vitest';
import { realClock } from '../../lib/core/clock.ts';

/** Timers that keep this process alive. */
const holding = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('a process in which somebody sleeps does not end, and one with nothing but timers does', async () => {
  const clock = realClock();
  const before = holding();
  const timer = clock.after(60_000, () => {});
  expect(holding()).toBe(before);
  const asleep = clock.sleep(5);
  expect(holding()).toBe(before + 1);
  await asleep;
  timer.cancel();
});

test('a sleep that is given up lets the process end', async () => {
  const before = holding();
  const controller = new AbortController();
  const asleep = realClock().sleep(60_000, controller.signal);
  controller.abort(new Error('woken'));
  await expect(asleep).rejects.toThrow('woken');
  expect(holding()).toBe(before);
});
