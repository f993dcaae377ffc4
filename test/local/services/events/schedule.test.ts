import { DisableRuleCommand, EnableRuleCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, expect, test } from 'vitest';
import { parseSchedule } from '../../../../local/services/events/schedule/expression.ts';
import { startEvents } from './cloud.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const iso = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();

test.each([
  ['cron(0 10 * * ? *)', '2026-01-01T00:00:00Z', '2026-01-01T10:00:00.000Z'],
  ['cron(15 12 * * ? *)', '2026-01-01T12:15:00Z', '2026-01-02T12:15:00.000Z'],
  ['cron(0 18 ? * MON-FRI *)', '2026-01-02T19:00:00Z', '2026-01-05T18:00:00.000Z'],
  ['cron(0 8 1 * ? *)', '2026-01-02T00:00:00Z', '2026-02-01T08:00:00.000Z'],
  ['cron(0/15 * * * ? *)', '2026-01-01T00:16:00Z', '2026-01-01T00:30:00.000Z'],
  ['cron(5/20 * * * ? *)', '2026-01-01T00:26:00Z', '2026-01-01T00:45:00.000Z'],
  ['cron(0 0 ? * 2 *)', '2026-01-01T00:00:00Z', '2026-01-05T00:00:00.000Z'],
  ['cron(0 9 ? * 2#1 *)', '2026-01-06T00:00:00Z', '2026-02-02T09:00:00.000Z'],
  ['cron(0 12 L * ? *)', '2026-02-01T00:00:00Z', '2026-02-28T12:00:00.000Z'],
  ['cron(0 12 ? * 6L *)', '2026-01-01T00:00:00Z', '2026-01-30T12:00:00.000Z'],
  ['cron(0 12 ? * L *)', '2026-01-01T00:00:00Z', '2026-01-03T12:00:00.000Z'],
  ['cron(0 12 15W * ? *)', '2026-02-01T00:00:00Z', '2026-02-16T12:00:00.000Z'],
  ['cron(0 0 1 1 ? 2028)', '2026-01-01T00:00:00Z', '2028-01-01T00:00:00.000Z'],
  ['cron(0 0 1 1 ? 2020)', '2026-01-01T00:00:00Z', undefined],
])('%s after %s is due at %s', (expression, after, expected) => {
  expect(iso(parseSchedule(expression)?.next(Date.parse(after), 0))).toBe(expected);
});

test('follows a time zone through the change of its clocks', () => {
  const schedule = parseSchedule('cron(30 8 * * ? *)', 'Europe/Berlin')!;
  const first = schedule.next(Date.parse('2026-03-28T00:00:00Z'), 0)!;
  expect([iso(first), iso(schedule.next(first, 0))]).toEqual(['2026-03-28T07:30:00.000Z', '2026-03-29T06:30:00.000Z']);
});

test('counts a rate from where it began', () => {
  const schedule = parseSchedule('rate(5 minutes)')!;
  expect([schedule.next(0, 0), schedule.next(299_999, 0), schedule.next(300_000, 0), schedule.next(0, 60_000)]).toEqual(
    [300_000, 300_000, 600_000, 360_000],
  );
});

test.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'rate(1.5 hours)',
  'rate(5 seconds)',
  'rate(5  minutes)',
  'every 5 minutes',
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(0 10 * * ?)',
  'cron(0 0 10 * * ? *)',
  'cron(60 10 * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0 10 32 * ? *)',
  'cron(0 10 ? * 0 *)',
  'cron(0 10 ? * 8 *)',
  'cron(0 10 ? * MON#6 *)',
  'cron(0 10 * 13 ? *)',
  'cron(0 10 * * ? 1969)',
  'cron(0 10 * * ? 2200)',
  'cron(@daily)',
  'cron(5-1 10 * * ? *)',
  'cron(*/0 10 * * ? *)',
])('takes %s for no schedule', (expression) => {
  expect(parseSchedule(expression)).toBeUndefined();
});

test('fires a scheduled rule on time, and not while it is disabled', async () => {
  const events = await startEvents();
  stops.push(events.stop);
  await events.send(new PutRuleCommand({ Name: 'often', ScheduleExpression: 'rate(5 minutes)' }));
  await events.send(new PutTargetsCommand({ Rule: 'often', Targets: [{ Id: 't', Arn: await events.queue('ticks') }] }));
  await events.clock.advance(11 * 60_000);
  const first = (await events.messages('ticks')).map((message) => JSON.parse(message.Body));
  expect(first.map((event) => event.time)).toEqual(['2026-01-01T00:05:00Z', '2026-01-01T00:10:00Z']);
  expect(first[0]).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: ['arn:aws:events:us-east-1:000000000000:rule/often'],
    detail: {},
  });
  await events.send(new DisableRuleCommand({ Name: 'often' }));
  await events.clock.advance(60 * 60_000);
  await events.send(new EnableRuleCommand({ Name: 'often' }));
  await events.clock.advance(5 * 60_000);
  const later = (await events.messages('ticks')).map((message) => JSON.parse(message.Body).time);
  expect(later.at(-1)).toBe('2026-01-01T01:16:00Z');
});

test('keeps a monthly rule to its time over a year', async () => {
  const events = await startEvents();
  stops.push(events.stop);
  await events.send(new PutRuleCommand({ Name: 'monthly', ScheduleExpression: 'cron(0 6 1 * ? *)' }));
  const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:report';
  await events.send(new PutTargetsCommand({ Rule: 'monthly', Targets: [{ Id: 't', Arn }] }));
  await events.clock.advance(365 * 86_400_000);
  const times = events.calls.map((call) => JSON.parse(call.input.Payload.toString()).time);
  expect(times).toEqual(
    Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}-01T06:00:00Z`),
  );
});
