import { randomUUID } from 'node:crypto';
import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import { root } from '../../../../local/iam/principals.ts';
import { Arn, hour, minute, OFF, RoleArn, startScheduler } from './scheduler-cloud.ts';

type Scheduler = Awaited<ReturnType<typeof startScheduler>>;
let scheduler: Scheduler;
let failure: Error | undefined;
beforeAll(async () => {
  scheduler = await startScheduler({ fail: () => failure ?? false });
});
afterAll(() => scheduler.stop());
afterEach(async () => {
  const { Schedules } = await scheduler.send(new ListSchedulesCommand({}));
  for (const { Name, GroupName } of Schedules) await scheduler.send(new DeleteScheduleCommand({ Name, GroupName }));
});

const create = (expression: string, more: object = {}) => scheduler.create(expression, { Name: randomUUID(), ...more });
const at = (milliseconds: number) => new Date(scheduler.clock.now() + milliseconds);
/** `at(…)` so many milliseconds from now. */
const once = (milliseconds: number) => `at(${at(milliseconds).toISOString().slice(0, 19)})`;
const deleted = (Name: string) =>
  scheduler.send(new GetScheduleCommand({ Name })).then(
    () => false,
    (error) => error.name === 'ResourceNotFoundException',
  );
/** The calls that come while the clock moves on. */
async function callsWithin(milliseconds: number) {
  const before = scheduler.calls.length;
  await scheduler.clock.advance(milliseconds);
  return scheduler.calls.slice(before);
}

test('invokes once whatever start and end are', async () => {
  await create(once(minute), { StartDate: at(hour), EndDate: at(2 * hour) });
  await create(once(3 * hour), { StartDate: at(hour), EndDate: at(2 * hour) });
  expect(await callsWithin(4 * hour)).toHaveLength(2);
});

test('deletes a schedule behind its last invocation before the end, and none that has no end', async () => {
  const ending = { Name: 'ending', ActionAfterCompletion: 'DELETE', EndDate: at(2.5 * hour) };
  await create('rate(1 hour)', ending);
  await create('cron(0 * 1 1 ? 2026)', { Name: 'endless', ActionAfterCompletion: 'DELETE' });
  await scheduler.clock.advance(hour);
  expect(await deleted('ending')).toBe(false);
  await scheduler.clock.advance(hour);
  expect(await deleted('ending')).toBe(true);
  await scheduler.clock.advance(24 * hour);
  expect(await deleted('endless')).toBe(false);
});

test('keeps a disabled schedule from its target, and one whose time is over', async () => {
  await create(once(minute), { State: 'DISABLED' });
  await create(once(-hour));
  expect(await callsWithin(hour)).toEqual([]);
});

test('answers a request that is sent again as it did, and refuses another under its name', async () => {
  const request = { Name: 'again', ClientToken: 'token', StartDate: at(hour) };
  const first = await create('rate(1 day)', request);
  expect(await create('rate(1 day)', request)).toMatchObject({ ScheduleArn: first.ScheduleArn });
  const conflict = { name: 'ConflictException', message: 'Schedule again already exists.' };
  await expect(create('rate(2 days)', request)).rejects.toMatchObject(conflict);
  await expect(create('rate(1 day)', { ...request, ClientToken: 'other' })).rejects.toMatchObject(conflict);
  const group = new CreateScheduleGroupCommand({ Name: 'again', ClientToken: 'token' });
  const made = await scheduler.send(group);
  expect((await scheduler.send(group)).ScheduleGroupArn).toBe(made.ScheduleGroupArn);
  await expect(scheduler.send(new CreateScheduleGroupCommand({ Name: 'again' }))).rejects.toMatchObject({
    name: 'ConflictException',
  });
});

test('shows what a schedule is, with its defaults', async () => {
  await create('rate(1 day)', {
    Name: 'shown',
    StartDate: at(hour),
    Target: { RetryPolicy: { MaximumRetryAttempts: 3 } },
  });
  expect(await scheduler.send(new GetScheduleCommand({ Name: 'shown' }))).toMatchObject({
    Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/shown',
    GroupName: 'default',
    State: 'ENABLED',
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'NONE',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn, RoleArn, RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 3 } },
  });
  const replaced = { Name: 'shown', ScheduleExpression: 'rate(2 days)', ...OFF, Target: { Arn, RoleArn } };
  await scheduler.send(new UpdateScheduleCommand(replaced));
  const after = await scheduler.send(new GetScheduleCommand({ Name: 'shown' }));
  expect(after.StartDate).toBeUndefined();
  expect(after.Target.RetryPolicy.MaximumRetryAttempts).toBe(185);
});

test('lists by group, name and state, page by page', async () => {
  await scheduler.send(new CreateScheduleGroupCommand({ Name: 'listed' }));
  const far = { GroupName: 'listed', StartDate: at(hour) };
  for (const Name of ['a-1', 'a-2', 'b-1']) await create('rate(1 day)', { ...far, Name });
  await create('rate(1 day)', { ...far, Name: 'a-3', State: 'DISABLED' });
  const list = async (more: object) => {
    const { Schedules, NextToken } = await scheduler.send(new ListSchedulesCommand({ GroupName: 'listed', ...more }));
    return { names: Schedules.map(({ Name }: any) => Name), NextToken };
  };
  const first = await list({ MaxResults: 3 });
  expect(first.names).toEqual(['a-1', 'a-2', 'a-3']);
  expect(await list({ NextToken: first.NextToken })).toEqual({ names: ['b-1'], NextToken: undefined });
  expect((await list({ NamePrefix: 'a', State: 'ENABLED' })).names).toEqual(['a-1', 'a-2']);
  expect((await list({ NamePrefix: 'none' })).names).toEqual([]);
  for (const wrong of [{ MaxResults: 0 }, { MaxResults: 101 }, { NextToken: 'none' }, { State: 'ON' }])
    await expect(list(wrong)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(list({ GroupName: 'missing' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const groups = await scheduler.send(new ListScheduleGroupsCommand({ NamePrefix: 'list' }));
  expect(groups.ScheduleGroups).toMatchObject([{ Name: 'listed', State: 'ACTIVE' }]);
});

test('takes the schedules of a group away with it, and never the default group', async () => {
  const { ScheduleGroupArn } = await scheduler.send(
    new CreateScheduleGroupCommand({ Name: 'gone', Tags: [{ Key: 'a', Value: '1' }] }),
  );
  await scheduler.send(new UntagResourceCommand({ ResourceArn: ScheduleGroupArn, TagKeys: ['a', 'b'] }));
  await create(once(minute), { GroupName: 'gone' });
  await scheduler.send(new DeleteScheduleGroupCommand({ Name: 'gone' }));
  expect(await callsWithin(hour)).toEqual([]);
  await expect(scheduler.send(new DeleteScheduleGroupCommand({ Name: 'default' }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(create('rate(1 day)', { GroupName: 'gone' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('gives up at the age of the policy, and at once where trying again cannot help', async () => {
  const { QueueUrl } = await scheduler.cloud.call('sqs', 'CreateQueue', { QueueName: 'dead' }, root('000000000000'));
  const dead = async () => {
    const request = { QueueUrl, MessageAttributeNames: ['All'] };
    const { Messages } = await scheduler.cloud.call('sqs', 'ReceiveMessage', request, root('000000000000'));
    const { Body, MessageAttributes, ReceiptHandle } = Messages[0];
    await scheduler.cloud.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle }, root('000000000000'));
    const attributes = Object.entries(MessageAttributes).map(([key, { StringValue }]: any) => [key, StringValue]);
    return { Body, ...Object.fromEntries(attributes) };
  };
  const DeadLetterConfig = { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' };
  const RetryPolicy = { MaximumEventAgeInSeconds: 60 };
  const due = once(minute).slice(3, -1);
  failure = new AwsError('ServiceException', 'not now', 500);
  await create(once(minute), {
    Name: 'old',
    Target: { DeadLetterConfig, RetryPolicy, Input: 'try <aws.scheduler.attempt-number>' },
  });
  // 1, 2, 4, 8 and 16 seconds apart: the next one would be too late.
  expect(await callsWithin(10 * minute)).toHaveLength(6);
  expect(await dead()).toMatchObject({
    Body: 'try 6',
    SCHEDULE_ARN: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/old',
    TARGET_ARN: Arn,
    EXECUTION_ID: expect.stringMatching(/^\w+$/),
    SCHEDULED_TIME: `${due}Z`,
    ERROR_CODE: 'ServiceException',
    ERROR_MESSAGE: 'not now',
    EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    RETRY_ATTEMPTS: '5',
    IS_PAYLOAD_TRUNCATED: 'false',
  });
  failure = new AwsError('ResourceNotFoundException', 'no such function', 404);
  await create(once(minute), { Target: { DeadLetterConfig } });
  expect(await callsWithin(10 * minute)).toHaveLength(1);
  const letter = await dead();
  expect(letter).toMatchObject({ ERROR_CODE: 'ResourceNotFoundException', RETRY_ATTEMPTS: '0' });
  expect(letter).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  failure = undefined;
});

test('sends to topics and to FIFO queues, and calls an API with nothing where there is no input', async () => {
  const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  const call = (operation: string, input: object) =>
    scheduler.cloud.call('sqs', operation, input, root('000000000000'));
  const { QueueUrl } = await call('CreateQueue', { QueueName: 'line.fifo', Attributes });
  const fifo = { Arn: 'arn:aws:sqs:us-east-1:000000000000:line.fifo', Input: 'x' };
  await expect(create(once(minute), { Target: fifo })).rejects.toMatchObject({ name: 'ValidationException' });
  await create(once(minute), { Target: { ...fifo, SqsParameters: { MessageGroupId: 'g' } } });
  await create(once(minute), { Target: { Arn: 'arn:aws:sns:us-east-1:000000000000:t', Input: 'told' } });
  await create(once(minute), { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:dynamodb:putItem' } });
  const calls = await callsWithin(minute);
  expect(calls.find(({ operation }) => operation === 'Publish')!.input).toMatchObject({ Message: 'told' });
  expect(calls.find(({ operation }) => operation === 'PutItem')!.input).toEqual({});
  const { Messages } = await call('ReceiveMessage', { QueueUrl, AttributeNames: ['All'] });
  expect(Messages).toMatchObject([{ Body: 'x', Attributes: { MessageGroupId: 'g' } }]);
});

test.each<[string, string, () => object]>([
  ['a rate in seconds', 'rate(10 seconds)', () => ({})],
  ['a rate of nothing', 'rate(0 minutes)', () => ({})],
  ['a rate with blanks around', 'rate( 10 minutes )', () => ({})],
  ['a time with a zone', 'at(2021-12-31T23:59:59Z)', () => ({})],
  ['a date without a time', 'at(2021-12-31)', () => ({})],
  ['a cron expression with both day fields', 'cron(0 1 * * * *)', () => ({})],
  ['a minute that no hour has', 'cron(71 8 1 * ? *)', () => ({})],
  ['a start that is over', 'rate(1 day)', () => ({ StartDate: at(-6 * minute) })],
  ['an end before the start', 'rate(1 day)', () => ({ StartDate: at(2 * hour), EndDate: at(hour) })],
  ['an end that is over', 'rate(1 day)', () => ({ EndDate: at(-1) })],
  [
    'a window of two days',
    'rate(1 day)',
    () => ({ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 2880 } }),
  ],
  [
    'a window without flexibility',
    'rate(1 day)',
    () => ({ FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } }),
  ],
  ['a name with a slash', 'rate(1 day)', () => ({ Name: 'a%2Fb' })],
  ['a name of 65 letters', 'rate(1 day)', () => ({ Name: 'n'.repeat(65) })],
  ['another action', 'rate(1 day)', () => ({ ActionAfterCompletion: 'REPEAT' })],
  ['a role that is none', 'rate(1 day)', () => ({ Target: { RoleArn: 'role' } })],
  ['too many retries', 'rate(1 day)', () => ({ Target: { RetryPolicy: { MaximumRetryAttempts: 186 } } })],
  ['too short an age', 'rate(1 day)', () => ({ Target: { RetryPolicy: { MaximumEventAgeInSeconds: 59 } } })],
  [
    'a FIFO queue for dead letters',
    'rate(1 day)',
    () => ({ Target: { DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead.fifo' } } }),
  ],
  [
    'an operation that only looks',
    'rate(1 day)',
    () => ({ Target: { Arn: 'arn:aws:scheduler:::aws-sdk:dynamodb:batchGetItem', Input: '{}' } }),
  ],
  [
    'a bus without a source',
    'rate(1 day)',
    () => ({ Target: { Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/default' } }),
  ],
])('refuses %s', async (_, expression, more) => {
  await expect(create(expression, more())).rejects.toMatchObject({ name: 'ValidationException' });
});

test('leaves out what clocks skip, and comes once at what they repeat', async () => {
  const newYork = { ScheduleExpressionTimezone: 'America/New_York' };
  const within = async (from: string, expression: string) => {
    await scheduler.clock.advance(Date.parse(from) - scheduler.clock.now());
    const Name = randomUUID();
    await create(expression, { ...newYork, Name, EndDate: at(72 * hour) });
    return (await callsWithin(72 * hour)).map((call) => call.at.slice(0, 16));
  };
  expect(await within('2026-03-07T00:00:00Z', 'cron(30 2 * * ? *)')).toEqual(['2026-03-07T07:30', '2026-03-09T06:30']);
  expect(await within('2026-10-31T00:00:00Z', 'cron(30 1 * * ? *)')).toEqual([
    '2026-10-31T05:30',
    '2026-11-01T05:30',
    '2026-11-02T06:30',
  ]);
  // A rate in days counts hours, not dates.
  expect(await within('2027-03-13T00:00:00Z', 'rate(1 day)')).toHaveLength(4);
});
