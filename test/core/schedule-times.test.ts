import { expect, test } from 'vitest';
import { nextTime, timesBetween } from '../../lib/core/schedule-times.ts';
import { parseSchedule } from '../../local/services/events/schedule/expression.ts';

const at = (text: string) => Date.parse(text);
const shown = (times: Iterable<number>) => [...times].map((time) => new Date(time).toISOString().slice(0, 16));

test.each([
  ['0 6 * * ? *', 'UTC'],
  ['0/20 8-10 ? * MON-FRI *', 'Europe/Berlin'],
  ['30 2 * * ? *', 'Europe/Berlin'],
  ['30 1,3 * 3,10 ? *', 'America/New_York'],
  ['0/15 0-3 ? * SUN *', 'Europe/Berlin'],
  ['0 * 25 10 ? *', 'Europe/Berlin'],
  ['10,50 * * 4 ? *', 'Australia/Lord_Howe'],
  ['0 12 L * ? *', 'Asia/Kolkata'],
  ['0 12 1W 1-12/2 ? *', 'UTC'],
  ['0 12 15W * ? *', 'UTC'],
  ['0 12 LW * ? *', 'UTC'],
  ['15 0 ? * 6L 2026-2027', 'Australia/Lord_Howe'],
  ['15 23 ? * TUE#5 *', 'UTC'],
  ['0 6 ? * L *', 'UTC'],
])('cron(%s) in %s is due when the schedules of local AWS are', (fields, zone) => {
  const expression = `cron(${fields})`;
  const local = parseSchedule(expression, zone);
  let time = at('2026-02-27T13:37:00Z');
  for (let count = 0; count < 40; count++) {
    const next = nextTime({ expression, zone }, time);
    expect(next).toBe(local!.next(time, 0));
    if (next === undefined) break;
    time = next;
  }
});

test('times lie between two that were due', () => {
  const daily = { expression: 'cron(0 6 * * ? *)', zone: 'Europe/Berlin' };
  expect(shown(timesBetween(daily, at('2026-03-27T05:00Z'), at('2026-03-31T04:00Z')))).toEqual([
    '2026-03-28T05:00',
    '2026-03-29T04:00',
    '2026-03-30T04:00',
  ]);
  expect(shown(timesBetween(daily, at('2026-03-28T05:00Z'), at('2026-03-29T04:00Z')))).toEqual([]);
});

test('a rate that is a few seconds off has missed nothing', () => {
  const hourly = { expression: 'rate(1 hour)' };
  expect(shown(timesBetween(hourly, at('2026-01-01T00:00:03Z'), at('2026-01-01T01:00:09Z')))).toEqual([]);
  expect(shown(timesBetween(hourly, at('2026-01-01T00:00:03Z'), at('2026-01-01T03:00:01Z')))).toEqual([
    '2026-01-01T01:00',
    '2026-01-01T02:00',
  ]);
  expect(nextTime({ expression: 'rate(5 minutes)' }, 0)).toBe(300_000);
});

test('a schedule whose years are over is due no more', () => {
  expect(nextTime({ expression: 'cron(0 6 * * ? 2026)' }, at('2026-12-31T06:00Z'))).toBeUndefined();
});
