import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEvents } from './cloud.ts';

let events: Awaited<ReturnType<typeof startEvents>>;
beforeAll(async () => {
  events = await startEvents();
});
afterAll(() => events.stop());
const queue = 'arn:aws:sqs:us-east-1:000000000000:q';

test('keeps a bus of its own until it has no rules', async () => {
  const { send } = events;
  const { EventBusArn } = await send(
    new CreateEventBusCommand({ Name: 'own', Description: 'ours', Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  expect(EventBusArn).toBe('arn:aws:events:us-east-1:000000000000:event-bus/own');
  await expect(send(new CreateEventBusCommand({ Name: 'own' }))).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
  });
  expect(await send(new DescribeEventBusCommand({ Name: 'own' }))).toMatchObject({ Name: 'own', Description: 'ours' });
  expect((await send(new ListTagsForResourceCommand({ ResourceARN: EventBusArn }))).Tags).toEqual([
    { Key: 'a', Value: 'b' },
  ]);
  const buses = (await send(new ListEventBusesCommand({}))).EventBuses.map((bus: any) => bus.Name);
  expect(buses).toEqual(['default', 'own']);
  const { RuleArn } = await send(
    new PutRuleCommand({ Name: 'r', EventBusName: 'own', EventPattern: '{"source":["x"]}' }),
  );
  expect(RuleArn).toBe('arn:aws:events:us-east-1:000000000000:rule/own/r');
  await expect(send(new DeleteEventBusCommand({ Name: 'own' }))).rejects.toMatchObject({ name: 'ValidationException' });
  await send(new DeleteRuleCommand({ Name: 'r', EventBusName: 'own' }));
  await send(new DeleteEventBusCommand({ Name: 'own' }));
  await expect(send(new DescribeEventBusCommand({ Name: 'own' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Event bus own does not exist.',
  });
});

test('keeps targets when a rule changes, and refuses to delete a rule that has some', async () => {
  const { send } = events;
  await send(new PutRuleCommand({ Name: 'kept', EventPattern: '{"source":["x"]}' }));
  await send(
    new PutTargetsCommand({
      Rule: 'kept',
      Targets: [
        { Id: 'a', Arn: queue },
        { Id: 'b', Arn: queue, Input: '1' },
      ],
    }),
  );
  await send(
    new PutRuleCommand({ Name: 'kept', EventPattern: '{"source":["y"]}', Description: 'new', State: 'DISABLED' }),
  );
  expect(await send(new DescribeRuleCommand({ Name: 'kept' }))).toMatchObject({
    Description: 'new',
    State: 'DISABLED',
    EventBusName: 'default',
  });
  expect((await send(new ListTargetsByRuleCommand({ Rule: 'kept' }))).Targets).toEqual([
    { Id: 'a', Arn: queue },
    { Id: 'b', Arn: queue, Input: '1' },
  ]);
  expect((await send(new ListRuleNamesByTargetCommand({ TargetArn: queue }))).RuleNames).toEqual(['kept']);
  await expect(send(new DeleteRuleCommand({ Name: 'kept' }))).rejects.toMatchObject({
    message: "Rule can't be deleted since it has targets.",
  });
  const removed = await send(new RemoveTargetsCommand({ Rule: 'kept', Ids: ['a', 'b', 'c'] }));
  expect(removed).toMatchObject({ FailedEntryCount: 1, FailedEntries: [{ TargetId: 'c' }] });
  await send(new DeleteRuleCommand({ Name: 'kept' }));
  await expect(send(new DescribeRuleCommand({ Name: 'kept' }))).rejects.toMatchObject({
    message: 'Rule kept does not exist on EventBus default.',
  });
});

test('lists rules in pages', async () => {
  const { send } = events;
  for (const name of ['p-1', 'p-2', 'p-3'])
    await send(new PutRuleCommand({ Name: name, EventPattern: '{"source":["x"]}' }));
  const first = await send(new ListRulesCommand({ NamePrefix: 'p-', Limit: 2 }));
  expect(first.Rules.map((rule: any) => rule.Name)).toEqual(['p-1', 'p-2']);
  const rest = await send(new ListRulesCommand({ NamePrefix: 'p-', Limit: 2, NextToken: first.NextToken }));
  expect([rest.Rules.map((rule: any) => rule.Name), rest.NextToken]).toEqual([['p-3'], undefined]);
});

test('tags a rule', async () => {
  const { send } = events;
  const { RuleArn } = await send(new PutRuleCommand({ Name: 'tagged', EventPattern: '{"source":["x"]}' }));
  await send(new TagResourceCommand({ ResourceARN: RuleArn, Tags: [{ Key: 'k', Value: 'v' }] }));
  expect((await send(new ListTagsForResourceCommand({ ResourceARN: RuleArn }))).Tags).toEqual([
    { Key: 'k', Value: 'v' },
  ]);
});

test('tests a pattern', async () => {
  const event = {
    id: '1',
    account: '1',
    source: 'x',
    time: '2026-01-01T00:00:00Z',
    region: 'r',
    resources: [],
    'detail-type': 't',
  };
  const ask = (pattern: string) =>
    events.send(new TestEventPatternCommand({ EventPattern: pattern, Event: JSON.stringify(event) }));
  expect((await ask('{"source":["x"]}')).Result).toBe(true);
  expect((await ask('{"source":["y"]}')).Result).toBe(false);
  await expect(ask('{"source":"x"}')).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
});

test.each<[string, object, string]>([
  ['neither pattern nor schedule', {}, 'Parameter(s) EventPattern or ScheduleExpression must be specified.'],
  ['a schedule that is none', { ScheduleExpression: 'rate(1 minutes)' }, 'Parameter ScheduleExpression is not valid.'],
])('refuses a rule with %s', async (_, input, message) => {
  await expect(events.send(new PutRuleCommand({ Name: 'wrong', ...input }))).rejects.toMatchObject({
    name: 'ValidationException',
    message,
  });
});

test('refuses a target that it does not have, by name', async () => {
  await events.send(new PutRuleCommand({ Name: 'far', EventPattern: '{"source":["x"]}' }));
  const Targets = [{ Id: 'a', Arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/c' }];
  await expect(events.send(new PutTargetsCommand({ Rule: 'far', Targets }))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('arn:aws:ecs'),
  });
});
