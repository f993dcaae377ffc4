import * as sdk from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import { entry, startEvents } from './cloud.ts';

let events: Awaited<ReturnType<typeof startEvents>>;
let queue: string;
const attempts: number[] = [];
const work = 'arn:aws:lambda:us-east-1:000000000000:function:work';
beforeAll(async () => {
  events = await startEvents({
    lambda: () => {
      attempts.push(events.clock.now());
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    },
  });
  queue = await events.queue('q');
  await events.send(new sdk.PutRuleCommand({ Name: 'r', EventPattern: '{"source":["none"]}' }));
});
afterAll(() => events.stop());

const send = (command: any): Promise<any> => events.send(command);
const putTarget = (more: object) =>
  send(new sdk.PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 't', Arn: queue, ...more }] }));

test.each<[string, () => Promise<unknown>, string]>([
  ['no targets', () => send(new sdk.PutTargetsCommand({ Rule: 'r', Targets: [] })), 'ValidationException'],
  ['no ids', () => send(new sdk.RemoveTargetsCommand({ Rule: 'r', Ids: [] })), 'ValidationException'],
  [
    'two targets of one id',
    () =>
      send(
        new sdk.PutTargetsCommand({
          Rule: 'r',
          Targets: [
            { Id: 'a', Arn: queue },
            { Id: 'a', Arn: queue },
          ],
        }),
      ),
    'ValidationException',
  ],
  [
    'six targets',
    () =>
      send(
        new sdk.PutTargetsCommand({
          Rule: 'r',
          Targets: Array.from({ length: 6 }, (_, index) => ({ Id: `${index}`, Arn: queue })),
        }),
      ),
    'LimitExceededException',
  ],
  [
    'a target of no rule',
    () => send(new sdk.PutTargetsCommand({ Rule: 'none', Targets: [{ Id: 'a', Arn: queue }] })),
    'ResourceNotFoundException',
  ],
  ['too many retries', () => putTarget({ RetryPolicy: { MaximumRetryAttempts: 186 } }), 'ValidationException'],
  ['too short an age', () => putTarget({ RetryPolicy: { MaximumEventAgeInSeconds: 59 } }), 'ValidationException'],
  [
    'a FIFO queue for dead letters',
    () => putTarget({ DeadLetterConfig: { Arn: `${queue}.fifo` } }),
    'ValidationException',
  ],
  ['two kinds of input', () => putTarget({ Input: '{}', InputPath: '$.detail' }), 'ValidationException'],
  ['a path without its root', () => putTarget({ InputPath: 'detail' }), 'ValidationException'],
  [
    'a machine without a role',
    () => putTarget({ Arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m' }),
    'ValidationException',
  ],
  [
    'a schedule on another bus',
    () => send(new sdk.PutRuleCommand({ Name: 'x', ScheduleExpression: 'rate(1 day)', EventBusName: 'other' })),
    'ValidationException',
  ],
  [
    'a rule on no bus',
    () => send(new sdk.PutRuleCommand({ Name: 'x', EventPattern: '{"source":["x"]}', EventBusName: 'none' })),
    'ResourceNotFoundException',
  ],
  [
    'a pattern of nothing',
    () => send(new sdk.PutRuleCommand({ Name: 'x', EventPattern: '{}' })),
    'InvalidEventPatternException',
  ],
  ['a page of nothing', () => send(new sdk.ListRulesCommand({ Limit: 0 })), 'ValidationException'],
  ['a page of 101', () => send(new sdk.ListRulesCommand({ Limit: 101 })), 'ValidationException'],
  ['a token that is none', () => send(new sdk.ListRulesCommand({ NextToken: 'x' })), 'ValidationException'],
  [
    'the default bus again',
    () => send(new sdk.CreateEventBusCommand({ Name: 'default' })),
    'ResourceAlreadyExistsException',
  ],
  ['the end of the default bus', () => send(new sdk.DeleteEventBusCommand({ Name: 'default' })), 'ValidationException'],
])('refuses %s', async (_, ask, name) => {
  await send(new sdk.CreateEventBusCommand({ Name: 'other' })).catch(() => {});
  await expect(ask()).rejects.toMatchObject({ name });
});

test('takes details that nest a thousand deep, and however many brackets beside each other or in texts', async () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  const details = [nested(1000), nested(1001), `{"a":[${'[],'.repeat(1500)}"${'['.repeat(1500)}"]}`];
  const { Entries } = await send(new sdk.PutEventsCommand({ Entries: details.map((Detail) => entry({}, { Detail })) }));
  expect(Entries.map(({ ErrorCode }: any) => ErrorCode)).toEqual([undefined, 'MalformedDetail', undefined]);
});

test('tells each entry of a request what is wrong with it', async () => {
  const Entries = [
    entry({}, { Detail: '[]' }),
    entry({}, { Detail: 'no JSON' }),
    entry({}, { Source: 'aws.s3' }),
    { Source: 'shop', Detail: '{}' },
    entry({ fine: true }),
  ];
  const answer = await send(new sdk.PutEventsCommand({ Entries }));
  expect(answer.FailedEntryCount).toBe(4);
  expect(answer.Entries.map(({ ErrorCode, EventId }: any) => ErrorCode ?? typeof EventId)).toEqual([
    'MalformedDetail',
    'MalformedDetail',
    'NotAuthorizedForSourceException',
    'InvalidArgument',
    'string',
  ]);
  for (const count of [0, 11]) {
    const many = Array.from({ length: count }, () => entry({}));
    await expect(send(new sdk.PutEventsCommand({ Entries: many }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  }
});

test('carries time and resources as they were given, and fills in the rest', async () => {
  await events.rule('all', { 'detail-type': ['Timed'] }, { Arn: await events.queue('timed') });
  const Time = new Date('2020-02-29T12:00:00Z');
  await events.putEvent(entry({ n: 1 }, { DetailType: 'Timed', Time, Resources: ['arn:a', 'arn:b'] }));
  await events.clock.advance(0);
  const [message] = await events.messages('timed');
  expect(JSON.parse(message.Body)).toEqual({
    version: '0',
    id: expect.any(String),
    'detail-type': 'Timed',
    source: 'shop',
    account: '000000000000',
    time: '2020-02-29T12:00:00Z',
    region: 'us-east-1',
    resources: ['arn:a', 'arn:b'],
    detail: { n: 1 },
  });
});

test('gives up an event at the age of its policy', async () => {
  const DeadLetterConfig = { Arn: await events.queue('dead') };
  const RetryPolicy = { MaximumEventAgeInSeconds: 60 };
  await events.rule('aged', { 'detail-type': ['Aged'] }, { Arn: work, DeadLetterConfig, RetryPolicy });
  const begin = events.clock.now();
  await events.putEvent(entry({}, { DetailType: 'Aged' }));
  await events.clock.advance(600_000);
  expect(attempts.map((at) => (at - begin) / 1000)).toEqual([0, 1, 3, 7, 15, 31]);
  const [message] = await events.messages('dead');
  expect(message.MessageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: 'TooManyRequestsException' },
    EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumEventAgeInSeconds' },
    RETRY_ATTEMPTS: { StringValue: '5' },
  });
});

test('refuses archives and replays of what there is not', async () => {
  const bus = (name: string) => `arn:aws:events:us-east-1:000000000000:event-bus/${name}`;
  const archive = (more: object) =>
    send(new sdk.CreateArchiveCommand({ ArchiveName: 'kept', EventSourceArn: bus('default'), ...more }));
  await expect(archive({ RetentionDays: -1 })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(archive({ EventSourceArn: bus('none') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(archive({ EventPattern: '{"a":1}' })).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
  const { ArchiveArn } = await archive({});
  await expect(archive({})).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
  const replay = (from: number, to: number, more: object = {}) =>
    send(
      new sdk.StartReplayCommand({
        ReplayName: 'again',
        EventSourceArn: ArchiveArn,
        EventStartTime: new Date(from),
        EventEndTime: new Date(to),
        Destination: { Arn: bus('default') },
        ...more,
      }),
    );
  await expect(replay(2000, 1000)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(replay(0, 1000, { Destination: { Arn: bus('other') } })).rejects.toThrow('Cross event bus');
  await expect(replay(0, 1000, { EventSourceArn: `${ArchiveArn}x` })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await replay(0, 1000);
  await expect(replay(0, 1000)).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
});
