import { afterEach, expect, test } from 'vitest';
import { type FastForwardClock, fastForwardClock } from '../../../local/clocks/fast-forward.ts';

const clocks: FastForwardClock[] = [];
afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});
function start(at?: number) {
  const clock = fastForwardClock(at);
  clocks.push(clock);
  return clock;
}

const hour = 3_600_000;

test('skips months of waiting', async () => {
  const clock = start(0);
  const began = performance.now();
  for (let month = 0; month < 3; month++) await clock.sleep(30 * 24 * hour);
  expect(clock.now()).toBeGreaterThanOrEqual(90 * 24 * hour);
  expect(clock.now()).toBeLessThan(90 * 24 * hour + hour);
  expect(performance.now() - began).toBeLessThan(5_000);
});

test('runs the wake-ups of a month, one a minute, within seconds', async () => {
  const clock = start(0);
  let wakes = 0;
  const wake = () => {
    wakes++;
    clock.after(60_000, wake);
  };
  wake();
  const began = performance.now();
  await clock.sleep(30 * 24 * hour);
  expect(wakes).toBeGreaterThan(30 * 24 * 60 - 100);
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('runs timers in order', async () => {
  const clock = start();
  const seen: number[] = [];
  await Promise.all([3, 1, 2].map((n) => clock.sleep(n * hour).then(() => seen.push(n))));
  expect(seen).toEqual([1, 2, 3]);
});

test('runs what waits for time to pass on its way to a timer', async () => {
  const clock = start(0);
  const seen: number[] = [];
  clock.whenPassed!(hour, () => seen.push(Math.floor(clock.now() / hour)));
  clock.whenPassed!(3 * hour, () => seen.push(Math.floor(clock.now() / hour)));
  await clock.sleep(2 * hour);
  expect(seen).toEqual([1]);
});

test('does not jump while work is held, but lets time pass as it does', async () => {
  const clock = start(0);
  const release = clock.hold();
  let fired = false;
  clock.after(hour, () => {
    fired = true;
  });
  await clock.sleep(20);
  expect(fired).toBe(false);
  expect(clock.now()).toBeLessThan(hour);
  release();
  await clock.sleep(2 * hour);
  expect(fired).toBe(true);
});

test('does not jump while the process is at work', async () => {
  const clock = start(0);
  let fired = false;
  clock.after(hour, () => {
    fired = true;
  });
  const end = performance.now() + 40;
  while (performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
  expect(fired).toBe(false);
  await clock.sleep(2 * hour);
  expect(fired).toBe(true);
});
