import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LogsCloud, logsCloud } from './logs-cloud.ts';

const day = 24 * 60 * 60 * 1000;
const names = { logGroupName: '/app', logStreamName: 'one' };

describe('log events', () => {
  let logs: LogsCloud;
  beforeEach(async () => {
    logs = await logsCloud();
    await logs.stream('/app', 'one');
  });
  afterEach(() => logs.close());

  const get = (options = {}) => logs.client.send(new GetLogEventsCommand({ ...names, ...options }));
  const filter = async (options = {}) =>
    (await logs.client.send(new FilterLogEventsCommand({ logGroupName: '/app', ...options }))).events!;

  it('come back in the order of time with the time of their arrival', async () => {
    const start = logs.clock.now();
    await logs.put('/app', 'one', 'first', 'second');
    await logs.client.send(
      new PutLogEventsCommand({ ...names, logEvents: [{ timestamp: start - 5, message: 'earlier' }] }),
    );
    const { events } = await get({ startFromHead: true });
    expect(events).toEqual([
      { timestamp: start - 5, message: 'earlier', ingestionTime: start },
      { timestamp: start, message: 'first', ingestionTime: start },
      { timestamp: start + 1, message: 'second', ingestionTime: start },
    ]);
  });

  it('are read page by page in both directions, and the end repeats its token', async () => {
    await logs.put('/app', 'one', ...Array.from({ length: 5 }, (_, index) => String(index)));
    const texts = (page: Awaited<ReturnType<typeof get>>) => page.events!.map(({ message }) => message).join('');
    const last = await get({ limit: 2 });
    expect(texts(last)).toBe('34');
    expect(texts(await get({ limit: 2, nextToken: last.nextBackwardToken }))).toBe('12');
    const first = await get({ limit: 3, startFromHead: true });
    expect(texts(first)).toBe('012');
    const second = await get({ limit: 3, nextToken: first.nextForwardToken });
    expect(texts(second)).toBe('34');
    const end = await get({ nextToken: second.nextForwardToken });
    expect([texts(end), end.nextForwardToken]).toEqual(['', second.nextForwardToken]);
    await logs.clock.advance(10);
    await logs.put('/app', 'one', '5');
    expect(texts(await get({ nextToken: end.nextForwardToken }))).toBe('5');
  });

  it('are limited by time: the end is left out of a stream, and part of a search', async () => {
    const start = logs.clock.now();
    await logs.put('/app', 'one', 'a', 'b', 'c');
    const range = { startTime: start + 1, endTime: start + 2 };
    expect((await get(range)).events!.map(({ message }) => message)).toEqual(['b']);
    expect((await filter(range)).map(({ message }) => message)).toEqual(['b', 'c']);
  });

  it('are searched over all streams, some of them, or those with a prefix', async () => {
    await logs.stream('/app', 'two');
    await logs.put('/app', 'two', 'ERROR in two');
    await logs.clock.advance(10);
    await logs.put('/app', 'one', 'fine', 'ERROR in one');
    const found = await filter({ filterPattern: 'ERROR' });
    expect(found.map(({ logStreamName, message }) => [logStreamName, message])).toEqual([
      ['two', 'ERROR in two'],
      ['one', 'ERROR in one'],
    ]);
    expect(new Set(found.map(({ eventId }) => eventId)).size).toBe(2);
    expect(await filter({ filterPattern: 'ERROR', logStreamNames: ['one'] })).toHaveLength(1);
    expect(await filter({ logStreamNamePrefix: 't' })).toHaveLength(1);
    const page = await logs.client.send(new FilterLogEventsCommand({ logGroupName: '/app', limit: 2 }));
    expect(page.events).toHaveLength(2);
    expect(await filter({ nextToken: page.nextToken })).toHaveLength(1);
  });

  it('are refused where they are not in order, too large, or more than a day apart', async () => {
    const now = logs.clock.now();
    const put = (...logEvents: { timestamp: number; message: string }[]) =>
      logs.client.send(new PutLogEventsCommand({ ...names, logEvents }));
    const refused = { name: 'InvalidParameterException' };
    await expect(put()).rejects.toMatchObject(refused);
    await expect(put({ timestamp: now, message: 'b' }, { timestamp: now - 1, message: 'a' })).rejects.toMatchObject(
      refused,
    );
    await expect(put({ timestamp: now, message: 'x'.repeat(1_048_576) })).rejects.toMatchObject(refused);
    await expect(
      put({ timestamp: now - 2 * day, message: 'a' }, { timestamp: now, message: 'b' }),
    ).rejects.toMatchObject(refused);
    await expect(
      logs.client.send(
        new PutLogEventsCommand({ ...names, logStreamName: 'no', logEvents: [{ timestamp: now, message: 'a' }] }),
      ),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('that are too old or from the future are told, the others kept', async () => {
    const now = logs.clock.now();
    const { rejectedLogEventsInfo } = await logs.client.send(
      new PutLogEventsCommand({ ...names, logEvents: [{ timestamp: now - 15 * day, message: 'old' }] }),
    );
    expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    const answer = await logs.client.send(
      new PutLogEventsCommand({
        ...names,
        logEvents: [
          { timestamp: now, message: 'now' },
          { timestamp: now + 3 * 60 * 60 * 1000, message: 'future' },
        ],
      }),
    );
    expect(answer.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect((await get()).events!.map(({ message }) => message)).toEqual(['now']);
  });

  it('are gone when their retention is over', async () => {
    await logs.put('/app', 'one', 'kept for a day');
    await logs.client.send(new PutRetentionPolicyCommand({ logGroupName: '/app', retentionInDays: 1 }));
    await logs.clock.advance(day - 1);
    expect((await get()).events).toHaveLength(1);
    await logs.clock.advance(2);
    expect((await get()).events).toHaveLength(0);
  });

  it('make way, the oldest first, where all together grow too large', async () => {
    await logs.close();
    logs = await logsCloud({ maxBytes: 1000 });
    await logs.stream('/app', 'one');
    for (let i = 0; i < 20; i++) await logs.put('/app', 'one', `${i} ${'x'.repeat(100)}`);
    const kept = (await get()).events!.map(({ message }) => Number(message!.split(' ')[0]));
    expect(kept.at(-1)).toBe(19);
    expect(kept.length).toBeLessThan(10);
  });

  it('survive a restart of local AWS', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'logs-data-'));
    try {
      const before = await logsCloud({ dataFolder });
      await before.stream('/app', 'one');
      await before.put('/app', 'one', 'kept');
      await before.close();
      const after = await logsCloud({ dataFolder });
      await after.put('/app', 'one', 'more');
      const { events } = await after.client.send(new GetLogEventsCommand(names));
      expect(events!.map(({ message }) => message)).toEqual(['kept', 'more']);
      const { logStreams } = await after.client.send(new DescribeLogStreamsCommand({ logGroupName: '/app' }));
      expect(logStreams).toMatchObject([{ logStreamName: 'one', lastEventTimestamp: after.clock.now() }]);
      await after.close();
    } finally {
      rmSync(dataFolder, { recursive: true, force: true });
    }
  });
});
