import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand, UpdateItemCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { createTable, startDynamodb } from './cloud.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const hour = 3_600_000;
const seconds = (milliseconds: number) => ({ N: String(milliseconds / 1000) });

async function start(clock: ManualClock, dataFolder?: string) {
  const dynamodb = await startDynamodb({ clock, dataFolder });
  stops.push(dynamodb.stop);
  const send = (command: any): Promise<any> => dynamodb.client.send(command);
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' };
  return {
    ...dynamodb,
    send,
    put: (id: string, expires?: object) =>
      send(
        new PutItemCommand({
          TableName: 'locks',
          Item: { id: { S: id }, ...(expires && { expires: expires as any }) },
        }),
      ),
    has: async (id: string) =>
      (await send(new GetItemCommand({ TableName: 'locks', Key: { id: { S: id } } }))).Item !== undefined,
    turnOn: () => send(new UpdateTimeToLiveCommand({ TableName: 'locks', TimeToLiveSpecification })),
  };
}

test('deletes an item when its time is over, and no other', async () => {
  const clock = manualClock();
  const table = await start(clock);
  await createTable(table.client, 'locks');
  await table.put('before', seconds(clock.now() + 2 * hour));
  await table.turnOn();
  await table.put('soon', seconds(clock.now() + hour));
  await table.put('never');
  await table.put('text', { S: String(clock.now() / 1000 + 3600) });
  await table.put('long past', seconds(clock.now() - 6 * 365 * 24 * hour));
  await clock.advance(hour - 1000);
  expect(await table.has('soon')).toBe(true);
  await clock.advance(1000);
  expect([await table.has('soon'), await table.has('before')]).toEqual([false, true]);
  await clock.advance(hour);
  expect(await Promise.all(['before', 'never', 'text', 'long past'].map(table.has))).toEqual([false, true, true, true]);
});

test('keeps an item whose time was extended', async () => {
  const clock = manualClock();
  const table = await start(clock);
  await createTable(table.client, 'locks');
  await table.turnOn();
  await table.put('renewed', seconds(clock.now() + hour));
  await clock.advance(hour / 2);
  await table.send(
    new UpdateItemCommand({
      TableName: 'locks',
      Key: { id: { S: 'renewed' } },
      UpdateExpression: 'SET expires = :later',
      ExpressionAttributeValues: { ':later': seconds(clock.now() + hour) },
    }),
  );
  await clock.advance(hour - 1000);
  expect(await table.has('renewed')).toBe(true);
  await clock.advance(1000);
  expect(await table.has('renewed')).toBe(false);
});

test('remembers over a restart what is to expire', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-ttl-'));
  stops.push(() => rmSync(dataFolder, { recursive: true }));
  const clock = manualClock();
  const before = await startDynamodb({ clock, dataFolder });
  await createTable(before.client, 'locks');
  await before.client.send(
    new UpdateTimeToLiveCommand({
      TableName: 'locks',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    }),
  );
  await before.client.send(
    new PutItemCommand({ TableName: 'locks', Item: { id: { S: 'x' }, expires: seconds(clock.now() + hour) } }),
  );
  await before.stop();
  const after = await start(clock, dataFolder);
  expect(await after.has('x')).toBe(true);
  await clock.advance(hour);
  expect(await after.has('x')).toBe(false);
});
