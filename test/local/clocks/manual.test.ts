import { expect, test } from 'vitest';
import { manualClock } from '../../../local/clocks/manual.ts';

test('stands still until it is moved', async () => {
  const clock = manualClock(1000);
  let fired = false;
  clock.after(10, () => {
    fired = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([clock.now(), fired]).toEqual([1000, false]);
  await clock.advance(9);
  expect([clock.now(), fired]).toEqual([1009, false]);
  await clock.advance(1);
  expect([clock.now(), fired]).toEqual([1010, true]);
});

test('runs timers in the order of their times, each at its own time', async () => {
  const clock = manualClock(0);
  const seen: string[] = [];
  for (const [name, milliseconds] of [
    ['c', 30],
    ['a', 10],
    ['b', 20],
    ['b again', 20],
  ] as const) {
    clock.after(milliseconds, () => seen.push(`${name} at ${clock.now()}`));
  }
  await clock.advance(1000);
  expect(seen).toEqual(['a at 10', 'b at 20', 'b again at 20', 'c at 30']);
  expect(clock.now()).toBe(1000);
});

test('runs timers that were set on the way', async () => {
  const clock = manualClock(0);
  const ticks: number[] = [];
  const tick = () => {
    ticks.push(clock.now());
    clock.after(7, tick);
  };
  clock.after(7, tick);
  await clock.advance(30);
  expect(ticks).toEqual([7, 14, 21, 28]);
});

test('lets what a timer sets off come to rest before the next one runs', async () => {
  const clock = manualClock(0);
  const seen: string[] = [];
  clock.after(1, async () => {
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    seen.push(`first done at ${clock.now()}`);
  });
  clock.after(2, () => seen.push('second'));
  await clock.advance(2);
  expect(seen).toEqual(['first done at 1', 'second']);
});

test('waits for what is held', async () => {
  const clock = manualClock(0);
  const seen: string[] = [];
  clock.after(1, () => {
    const release = clock.hold();
    setTimeout(() => {
      seen.push('real work done');
      release();
    }, 5);
  });
  clock.after(2, () => seen.push('timer'));
  await clock.advance(2);
  expect(seen).toEqual(['real work done', 'timer']);
});

test('runs what waits for time to pass on its way, and never goes there for it', async () => {
  const clock = manualClock(0);
  const seen: string[] = [];
  clock.whenPassed!(5, () => seen.push(`passed ${clock.now()}`));
  clock.whenPassed!(50, () => seen.push(`passed ${clock.now()}`));
  expect(await clock.advanceToNext()).toBe(false);
  clock.after(10, () => seen.push(`timer ${clock.now()}`));
  expect(await clock.advanceToNext()).toBe(true);
  expect(seen).toEqual(['passed 5', 'timer 10']);
  await clock.advance(100);
  expect(seen).toEqual(['passed 5', 'timer 10', 'passed 50']);
});

test('does not run a cancelled timer', async () => {
  const clock = manualClock(0);
  let fired = false;
  const timer = clock.after(1, () => {
    fired = true;
  });
  timer.cancel();
  timer.cancel();
  await clock.advance(10);
  expect(fired).toBe(false);
  expect(await clock.advanceToNext()).toBe(false);
});

test('lets a sleeper be woken early by its signal', async () => {
  const clock = manualClock(0);
  const controller = new AbortController();
  const sleeping = clock.sleep(1_000_000, controller.signal);
  controller.abort(new Error('gone'));
  await expect(sleeping).rejects.toThrow('gone');
});

test('waits a year of hourly timers within a moment', async () => {
  const clock = manualClock(0);
  let hours = 0;
  const tick = () => {
    hours++;
    clock.after(3_600_000, tick);
  };
  clock.after(3_600_000, tick);
  await clock.advance(365 * 24 * 3_600_000);
  expect(hours).toBe(365 * 24);
});

test('follows two moves that are asked for at once, one after the other', async () => {
  const clock = manualClock(0);
  const seen: string[] = [];
  for (const due of [10, 25]) clock.after(due, () => seen.push(`timer at ${clock.now()}`));
  await Promise.all([
    clock.advance(10).then(() => seen.push(`first over at ${clock.now()}`)),
    clock.advance(20).then(() => seen.push(`second over at ${clock.now()}`)),
  ]);
  expect(seen).toEqual(['timer at 10', 'first over at 10', 'timer at 25', 'second over at 30']);
});

test('moves beside another clock of the same process', async () => {
  const clocks = [manualClock(0), manualClock(0)];
  await Promise.all(clocks.map((clock) => clock.advance(1000)));
  expect(clocks.map((clock) => clock.now())).toEqual([1000, 1000]);
});
