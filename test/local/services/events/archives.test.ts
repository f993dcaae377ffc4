import {
  CancelReplayCommand,
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  ListArchivesCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { entry, startEvents } from './cloud.ts';

let events: Awaited<ReturnType<typeof startEvents>>;
beforeEach(async () => {
  events = await startEvents();
});
afterEach(() => events.stop());

const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
const archive = 'arn:aws:events:us-east-1:000000000000:archive/all';
const create = (more: object = {}) =>
  events.send(new CreateArchiveCommand({ ArchiveName: 'all', EventSourceArn: bus, ...more }));
const replay = (from: number, to: number, FilterArns?: string[]) =>
  events.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: archive,
      EventStartTime: new Date(from),
      EventEndTime: new Date(to),
      Destination: { Arn: bus, FilterArns },
    }),
  );
const received = async (queue: string) => (await events.messages(queue)).map((message) => JSON.parse(message.Body));

test('replays the events of a span of time, marked as replayed, and does not archive them again', async () => {
  await create();
  const begin = events.clock.now();
  for (const n of [1, 2, 3]) {
    await events.putEvent(entry({ n }));
    await events.clock.advance(60_000);
  }
  await events.rule('late', { source: ['shop'] }, { Arn: await events.queue('late') });
  await replay(begin + 60_000, begin + 180_000);
  await events.clock.advance(0);
  expect((await received('late')).map((event) => [event.detail.n, event['replay-name']])).toEqual([
    [2, 'again'],
    [3, 'again'],
  ]);
  const described = await events.send(new DescribeReplayCommand({ ReplayName: 'again' }));
  expect(described).toMatchObject({
    State: 'COMPLETED',
    EventSourceArn: archive,
    EventLastReplayedTime: new Date(begin + 120_000),
  });
  expect(await events.send(new DescribeArchiveCommand({ ArchiveName: 'all' }))).toMatchObject({
    EventCount: 3,
    State: 'ENABLED',
  });
});

test('replays to the rules that were asked for', async () => {
  await create();
  const begin = events.clock.now();
  await events.putEvent(entry({ n: 1 }));
  for (const name of ['a', 'b']) await events.rule(name, { source: ['shop'] }, { Arn: await events.queue(name) });
  await events.clock.advance(1000);
  await replay(begin, begin + 1000, ['arn:aws:events:us-east-1:000000000000:rule/b']);
  await events.clock.advance(0);
  expect([(await received('a')).length, (await received('b')).length]).toEqual([0, 1]);
});

test('keeps only what its pattern matches, and only as long as it should', async () => {
  await create({ EventPattern: '{"detail":{"keep":[true]}}', RetentionDays: 2 });
  const count = async () => (await events.send(new DescribeArchiveCommand({ ArchiveName: 'all' }))).EventCount;
  await events.putEvent(entry({ keep: true }));
  await events.putEvent(entry({ keep: false }));
  expect(await count()).toBe(1);
  await events.clock.advance(3 * 86_400_000);
  expect(await count()).toBe(0);
});

test('lists archives and forgets one that is deleted', async () => {
  await create({ Description: 'everything' });
  const { Archives } = await events.send(new ListArchivesCommand({ EventSourceArn: bus }));
  expect(Archives).toMatchObject([{ ArchiveName: 'all', EventSourceArn: bus, RetentionDays: 0, EventCount: 0 }]);
  await events.send(new DeleteArchiveCommand({ ArchiveName: 'all' }));
  await expect(events.send(new DescribeArchiveCommand({ ArchiveName: 'all' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Archive all does not exist.',
  });
});

test('stops a replay that is cancelled', async () => {
  await create();
  const begin = events.clock.now();
  await events.putEvent(entry({ n: 1 }));
  await events.rule('late', { source: ['shop'] }, { Arn: await events.queue('late') });
  await events.clock.advance(1000);
  await events.messages('late');
  await replay(begin, begin + 1000);
  await events.send(new CancelReplayCommand({ ReplayName: 'again' }));
  await events.clock.advance(0);
  expect((await received('late')).filter((event) => event['replay-name'])).toEqual([]);
  await expect(events.send(new CancelReplayCommand({ ReplayName: 'again' }))).rejects.toMatchObject({
    name: 'IllegalStatusException',
  });
});
