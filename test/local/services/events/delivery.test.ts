import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateEventBusCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, expect, test } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import { entry, startEvents } from './cloud.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
async function start(options = {}) {
  const events = await startEvents(options);
  stops.push(events.stop);
  return events;
}

test('delivers an event to the targets of the rules that match, and to no others', async () => {
  const events = await start();
  await events.rule(
    'orders',
    { source: ['shop'], detail: { total: [{ numeric: ['>', 10] }] } },
    { Arn: await events.queue('orders') },
  );
  await events.rule('others', { source: ['warehouse'] }, { Arn: await events.queue('others') });
  const { Entries, FailedEntryCount } = await events.putEvent(entry({ total: 12 }, { Resources: ['arn:x'] }));
  expect(FailedEntryCount).toBe(0);
  await events.clock.advance(0);
  const [message] = await events.messages('orders');
  expect(JSON.parse(message.Body)).toEqual({
    version: '0',
    id: Entries[0].EventId,
    'detail-type': 'Order',
    source: 'shop',
    account: '000000000000',
    time: '2026-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: ['arn:x'],
    detail: { total: 12 },
  });
  expect(await events.messages('others')).toEqual([]);
});

test('carries events of AWS services on the default bus', async () => {
  const events = await start();
  await events.rule('files', { source: ['aws.s3'] }, { Arn: await events.queue('files') });
  events.cloud.emit({ source: 'aws.s3', 'detail-type': 'Object Created', resources: [], detail: { key: 'a+b c' } });
  await events.clock.advance(0);
  const [message] = await events.messages('files');
  expect(JSON.parse(message.Body)).toMatchObject({ source: 'aws.s3', detail: { key: 'a+b c' } });
});

test('fails a wrong entry alone', async () => {
  const events = await start();
  const Entries = [
    entry({}),
    { ...entry({}), Source: undefined },
    { ...entry({}), Detail: '[1]' },
    { ...entry({}), Source: 'aws.s3' },
    { ...entry({}), EventBusName: 'missing' },
  ];
  const result = await events.send(new PutEventsCommand({ Entries }));
  expect(result.FailedEntryCount).toBe(4);
  expect(result.Entries.map((one: any) => one.ErrorCode)).toEqual([
    undefined,
    'InvalidArgument',
    'MalformedDetail',
    'NotAuthorizedForSourceException',
    'ResourceNotFoundException',
  ]);
});

test('refuses entries over 1 MB together', async () => {
  const events = await start();
  const Entries = Array.from({ length: 3 }, () => entry({ text: 'x'.repeat(400_000) }));
  await expect(events.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({ name: 'ValidationException' });
});

test('gives every kind of target what it takes', async () => {
  const events = await start();
  const { calls, rule } = events;
  const pattern = { source: ['shop'] };
  const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
  const role = 'arn:aws:iam::000000000000:role/start';
  await rule('a', pattern, { Arn: arn('lambda', 'function:work'), Input: '{"fixed":true}' });
  await rule('b', pattern, { Arn: arn('states', 'stateMachine:flow'), RoleArn: role, InputPath: '$.detail' });
  await rule('c', pattern, { Arn: arn('sns', 'topic') });
  await rule('d', pattern, { Arn: arn('logs', 'log-group:/aws/events/all') });
  await rule('e', pattern, {
    Arn: await events.queue('in-order.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' }),
    SqsParameters: { MessageGroupId: 'g' },
  });
  await events.putEvent(entry({ n: 1 }));
  await events.clock.advance(0);
  const call = (operation: string) => calls.find((one) => one.operation === operation)!;
  expect(call('Invoke').input).toEqual({
    FunctionName: arn('lambda', 'function:work'),
    InvocationType: 'Event',
    Payload: Buffer.from('{"fixed":true}'),
  });
  expect(call('StartExecution')).toMatchObject({
    input: { input: '{"n":1}' },
    principal: { kind: 'role', roleArn: role },
  });
  expect(JSON.parse(call('Publish').input.Message).detail).toEqual({ n: 1 });
  expect(call('PutLogEvents').input).toMatchObject({ logGroupName: '/aws/events/all' });
  const [message] = await events.messages('in-order.fifo');
  expect(message.Attributes.MessageGroupId).toBe('g');
});

test('passes an event on to another bus as it is', async () => {
  const events = await start();
  await events.send(new CreateEventBusCommand({ Name: 'audit' }));
  await events.rule('on', { source: ['shop'] }, { Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/audit' });
  await events.rule('all', { source: [{ prefix: '' }] }, { Arn: await events.queue('audited') }, 'audit');
  const { Entries } = await events.putEvent(entry({ n: 1 }));
  await events.clock.advance(0);
  const [message] = await events.messages('audited');
  expect(JSON.parse(message.Body)).toMatchObject({ id: Entries[0].EventId, detail: { n: 1 } });
});

test('tries again while a target is in trouble, with growing pauses', async () => {
  let failures = 3;
  const times: number[] = [];
  const events = await start({
    lambda: () => {
      times.push((events.clock.now() - Date.UTC(2026, 0, 1)) / 1000);
      if (failures-- > 0) throw new AwsError('ServiceException', 'not now', 500);
    },
  });
  await events.rule('work', { source: ['shop'] }, { Arn: 'arn:aws:lambda:us-east-1:000000000000:function:work' });
  await events.putEvent(entry({}));
  await events.clock.advance(60_000);
  expect(times).toEqual([0, 1, 3, 7]);
});

test('sends what cannot be delivered to the dead-letter queue, saying why', async () => {
  const events = await start({
    lambda: () => {
      throw new AwsError('ServiceException', 'not now', 500);
    },
  });
  const DeadLetterConfig = { Arn: await events.queue('dead') };
  const RetryPolicy = { MaximumRetryAttempts: 2 };
  const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:work';
  await events.rule('work', { source: ['shop'] }, { Arn, DeadLetterConfig, RetryPolicy });
  await events.putEvent(entry({ n: 1 }));
  await events.clock.advance(60_000);
  const [message] = await events.messages('dead');
  expect(JSON.parse(message.Body).detail).toEqual({ n: 1 });
  const attributes = Object.fromEntries(
    Object.entries<any>(message.MessageAttributes).map(([name, value]) => [name, value.StringValue]),
  );
  expect(attributes).toEqual({
    RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/work',
    TARGET_ARN: Arn,
    ERROR_CODE: 'ServiceException',
    ERROR_MESSAGE: 'not now',
    EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    RETRY_ATTEMPTS: '2',
  });
});

test('does not try again what can never succeed', async () => {
  const events = await start();
  const DeadLetterConfig = { Arn: await events.queue('dead') };
  await events.rule(
    'work',
    { source: ['shop'] },
    { Arn: 'arn:aws:sqs:us-east-1:000000000000:missing', DeadLetterConfig },
  );
  await events.putEvent(entry({}));
  await events.clock.advance(0);
  const [message] = await events.messages('dead');
  expect(message.MessageAttributes.ERROR_CODE.StringValue).toBe('NO_RESOURCE');
  expect(message.MessageAttributes.RETRY_ATTEMPTS.StringValue).toBe('0');
});

test('still delivers after a restart what it had accepted', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-events-'));
  stops.push(() => rmSync(dataFolder, { recursive: true }));
  const before = await startEvents({ dataFolder });
  await before.rule('work', { source: ['shop'] }, { Arn: await before.queue('work') });
  await before.putEvent(entry({ n: 1 }));
  // The clock has not moved, so nothing is delivered yet.
  await before.stop();
  const after = await start({ dataFolder });
  await after.clock.advance(0);
  const [message] = await after.messages('work');
  expect(JSON.parse(message.Body).detail).toEqual({ n: 1 });
});
