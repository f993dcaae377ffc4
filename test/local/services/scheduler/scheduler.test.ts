import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterEach, expect, test } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { localTime } from '../../../../local/services/scheduler/local-time.ts';
import { Arn, hour, minute, OFF, RoleArn, startScheduler } from './scheduler-cloud.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function started(options = {}) {
  const scheduler = await startScheduler(options);
  stops.push(scheduler.stop);
  return scheduler;
}

test('invokes a rate at once and then at every interval', async () => {
  const { create, clock, times, calls } = await started();
  await create('rate(2 hours)');
  await clock.advance(5 * hour);
  expect(times()).toEqual(['2026-01-01T00:00:00', '2026-01-01T02:00:00', '2026-01-01T04:00:00']);
  expect(calls[0]).toMatchObject({
    input: { FunctionName: Arn, InvocationType: 'Event' },
    principal: { kind: 'role', roleArn: RoleArn },
  });
  expect(JSON.parse(calls[0]!.input.Payload.toString())).toMatchObject({
    source: 'aws.scheduler',
    time: '2026-01-01T00:00:00Z',
    resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/s'],
    detail: '{}',
  });
});

test('keeps to start and end', async () => {
  const { create, clock, times } = await started();
  const at = (hours: number) => new Date(clock.now() + hours * hour);
  await create('rate(1 hour)', { StartDate: at(2), EndDate: at(4) });
  await clock.advance(10 * hour);
  expect(times()).toEqual(['2026-01-01T02:00:00', '2026-01-01T03:00:00', '2026-01-01T04:00:00']);
});

test('follows the clocks of a time zone', async () => {
  const { create, clock, times } = await started({ clock: manualClock(Date.parse('2026-03-28T00:00:00Z')) });
  await create('cron(30 8 * * ? *)', { ScheduleExpressionTimezone: 'Europe/Berlin' });
  await clock.advance(48 * hour);
  expect(times()).toEqual(['2026-03-28T07:30:00', '2026-03-29T06:30:00']);
});

test('does not repeat the hour that the clocks of a zone show twice', async () => {
  const { create, clock, times } = await started({ clock: manualClock(Date.parse('2026-10-24T23:00:00Z')) });
  await create('cron(0/30 * * * ? *)', { ScheduleExpressionTimezone: 'Europe/Berlin' });
  await clock.advance(3 * hour);
  expect(times().map((time) => time.slice(11, 16))).toEqual(['23:30', '00:00', '00:30', '02:00']);
});

test('invokes once at a local time, and deletes the schedule after it', async () => {
  const { create, clock, times, send } = await started();
  await create('at(2026-01-01T10:30:00)', {
    ScheduleExpressionTimezone: 'Asia/Kolkata',
    ActionAfterCompletion: 'DELETE',
  });
  await clock.advance(4 * hour);
  expect(await send(new GetScheduleCommand({ Name: 's' }))).toMatchObject({
    ScheduleExpressionTimezone: 'Asia/Kolkata',
  });
  await clock.advance(hour);
  expect(times()).toEqual(['2026-01-01T05:00:00']);
  await expect(send(new GetScheduleCommand({ Name: 's' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('invokes somewhere within a flexible window, the same each time it is tried', async () => {
  const run = async () => {
    const { create, clock, times } = await started();
    await create('cron(0 6 * * ? *)', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 } });
    await clock.advance(72 * hour);
    return times();
  };
  const times = await run();
  expect(times).toHaveLength(3);
  for (const time of times) expect(time).toMatch(/T06:[012]\d:/);
  expect(new Set(times.map((time) => time.slice(11))).size).toBeGreaterThan(1);
  expect(await run()).toEqual(times);
});

test('gives every kind of target what it takes, with the context filled in', async () => {
  const { create, clock, calls, cloud } = await started();
  const root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;
  const { QueueUrl } = await cloud.call('sqs', 'CreateQueue', { QueueName: 'q' }, root);
  const at = 'at(2026-01-01T00:01:00)';
  const Input =
    '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>","try":<aws.scheduler.attempt-number>}';
  await create(at, { Name: 'a', Target: { Arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:flow', Input } });
  await create(at, { Name: 'b', Target: { Arn: 'arn:aws:sqs:us-east-1:000000000000:q', Input: 'plain text' } });
  await create(at, {
    Name: 'c',
    Target: {
      Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
      Input: '{}',
      EventBridgeParameters: { DetailType: 'T', Source: 's' },
    },
  });
  await create(at, {
    Name: 'd',
    Target: { Arn: 'arn:aws:scheduler:::aws-sdk:dynamodb:putItem', Input: '{"TableName":"t"}' },
  });
  await clock.advance(minute);
  const of = (operation: string) => calls.find((call) => call.operation === operation)!.input;
  const expected = {
    at: '2026-01-01T00:01:00Z',
    by: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/a',
    try: 1,
  };
  expect(JSON.parse(of('StartExecution').input)).toEqual(expected);
  expect(of('PutEvents').Entries).toEqual([
    {
      EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
      DetailType: 'T',
      Source: 's',
      Detail: '{}',
    },
  ]);
  expect(of('PutItem')).toEqual({ TableName: 't' });
  const { Messages } = await cloud.call('sqs', 'ReceiveMessage', { QueueUrl }, root);
  expect(Messages[0].Body).toBe('plain text');
});

test('tries again, then hands over to the dead-letter queue', async () => {
  const { create, clock, times, cloud } = await started({ fail: () => true });
  const root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;
  const { QueueUrl } = await cloud.call('sqs', 'CreateQueue', { QueueName: 'dead' }, root);
  const DeadLetterConfig = { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' };
  await create('at(2026-01-01T00:01:00)', { Target: { DeadLetterConfig, RetryPolicy: { MaximumRetryAttempts: 2 } } });
  await clock.advance(10 * minute);
  expect(times()).toEqual(['2026-01-01T00:01:00', '2026-01-01T00:01:01', '2026-01-01T00:01:03']);
  const { Messages } = await cloud.call('sqs', 'ReceiveMessage', { QueueUrl, MessageAttributeNames: ['All'] }, root);
  expect(Messages[0].MessageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: 'ServiceException' },
    EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
    SCHEDULE_ARN: { StringValue: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/s' },
  });
});

test('stops when it is disabled, changed or deleted', async () => {
  const { create, clock, times, send } = await started();
  await create('cron(0 * * * ? *)');
  await clock.advance(hour);
  const update = (more: object) =>
    send(
      new UpdateScheduleCommand({
        Name: 's',
        ScheduleExpression: 'cron(30 * * * ? *)',
        ...OFF,
        Target: { Arn, RoleArn },
        ...more,
      }),
    );
  await update({});
  await clock.advance(hour);
  await update({ State: 'DISABLED' });
  await clock.advance(hour);
  await update({ State: 'ENABLED' });
  await clock.advance(hour);
  await send(new DeleteScheduleCommand({ Name: 's' }));
  await clock.advance(hour);
  expect(times()).toEqual(['2026-01-01T01:00:00', '2026-01-01T01:30:00', '2026-01-01T03:30:00']);
});

test('catches up with a single time that was missed, and not with a rate', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-scheduler-'));
  stops.push(() => rmSync(dataFolder, { recursive: true }));
  const before = await startScheduler({ dataFolder });
  await before.create('at(2026-01-01T01:00:00)', { Name: 'once' });
  await before.create('cron(0 * * * ? *)', { Name: 'hourly' });
  await before.stop();
  const after = await started({ dataFolder, clock: manualClock(Date.parse('2026-01-01T03:30:00Z')) });
  await after.clock.advance(hour);
  expect(after.times()).toEqual(['2026-01-01T03:30:00', '2026-01-01T04:00:00']);
  await after.stop();
  stops.pop();
  const again = await started({ dataFolder, clock: manualClock(Date.parse('2026-01-01T05:10:00Z')) });
  await again.clock.advance(0);
  expect(again.times()).toEqual([]);
});

test('keeps groups, their schedules and their tags', async () => {
  const { create, send } = await started();
  const { ScheduleGroupArn } = await send(
    new CreateScheduleGroupCommand({ Name: 'g', Tags: [{ Key: 'a', Value: '1' }] }),
  );
  await send(new TagResourceCommand({ ResourceArn: ScheduleGroupArn, Tags: [{ Key: 'b', Value: '2' }] }));
  expect((await send(new ListTagsForResourceCommand({ ResourceArn: ScheduleGroupArn }))).Tags).toEqual([
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ]);
  await create('rate(1 day)', { GroupName: 'g', Name: 'x' });
  await create('rate(1 day)', { Name: 'y' });
  expect((await send(new ListSchedulesCommand({ GroupName: 'g' }))).Schedules.map((one: any) => one.Name)).toEqual([
    'x',
  ]);
  expect((await send(new ListScheduleGroupsCommand({}))).ScheduleGroups.map((one: any) => one.Name)).toEqual([
    'default',
    'g',
  ]);
  await send(new DeleteScheduleGroupCommand({ Name: 'g' }));
  expect((await send(new ListSchedulesCommand({}))).Schedules.map((one: any) => one.Name)).toEqual(['y']);
});

test.each<[string, string, object]>([
  ['an expression that is none', 'every day', {}],
  ['a date off the calendar', 'at(2026-02-30T00:00:00)', {}],
  ['a time zone that is none', 'rate(1 day)', { ScheduleExpressionTimezone: 'Mars/North' }],
  ['a window without a length', 'rate(1 day)', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }],
  ['a reading SDK target', 'rate(1 day)', { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:s3:getObject', Input: '{}' } }],
])('refuses %s', async (_, expression, more) => {
  const { create } = await started();
  await expect(create(expression, more)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('refuses a target that it does not have, by name', async () => {
  const { create } = await started();
  const target = create('rate(1 day)', { Target: { Arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/c' } });
  await expect(target).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('arn:aws:ecs'),
  });
});

test.each([
  ['2026-01-15T12:00:00', 'America/New_York', '2026-01-15T17:00:00.000Z'],
  ['2026-07-15T12:00:00', 'America/New_York', '2026-07-15T16:00:00.000Z'],
  ['2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  ['2026-11-01T01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ['2026-01-15T12:00:00', 'UTC', '2026-01-15T12:00:00.000Z'],
])('takes %s in %s for %s', (text, timezone, expected) => {
  expect(new Date(localTime(text, timezone)!).toISOString()).toBe(expected);
});
