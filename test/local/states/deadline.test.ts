import { expect, test } from 'vitest';
import { manualClock } from '../../../local/clocks/manual.ts';
import { type Limited, withDeadline } from '../../../local/states/task/deadline.ts';

/** A task of ten seconds that is under way. */
function underWay() {
  const clock = manualClock(0);
  const { promise, resolve } = Promise.withResolvers<string>();
  let limited: Limited;
  const { signal } = new AbortController();
  const ended = withDeadline({ clock, signal, timeoutSeconds: 10 }, (given) => {
    limited = given;
    return promise;
  });
  ended.catch(() => {});
  return { clock, ended, resolve, limited: limited! };
}

test('a time limit stands still while the work waits for room, and goes on with what was left', async () => {
  const { clock, ended, limited } = underWay();
  await clock.advance(4_000);
  const goOn = limited.pause();
  await clock.advance(3_600_000);
  expect(limited.signal.aborted).toBe(false);
  goOn();
  await clock.advance(5_999);
  expect(limited.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(limited.signal.aborted).toBe(true);
  await expect(ended).rejects.toThrow('States.Timeout');
});

test('a time limit that stood still when the work ended never passes', async () => {
  const { clock, ended, resolve, limited } = underWay();
  const goOn = limited.pause();
  resolve('done');
  expect(await ended).toBe('done');
  goOn();
  await clock.advance(60_000);
  expect(limited.signal.aborted).toBe(false);
});
