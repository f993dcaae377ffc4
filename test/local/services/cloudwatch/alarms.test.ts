import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, expect, test } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import type { ServiceFactory } from '../../../../local/service.ts';
import { evaluateDatapoints } from '../../../../local/services/cloudwatch/alarms/evaluate-datapoints.ts';
import { minute, startCloudwatch, topic } from './cloud.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
async function start(options = {}) {
  const cloudwatch = await startCloudwatch(options);
  stops.push(cloudwatch.stop);
  return cloudwatch;
}
const stateOf = async ({ send }: Awaited<ReturnType<typeof start>>, name: string) => {
  const { MetricAlarms, CompositeAlarms } = await send(
    new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  return [...MetricAlarms, ...CompositeAlarms][0]?.StateValue;
};

test('rings when a metric crosses its threshold, and says when it is over', async () => {
  const cloudwatch = await start();
  const { alarm, put, clock, calls, published } = cloudwatch;
  await alarm('failed', { OKActions: [topic], TreatMissingData: 'notBreaching', AlarmDescription: 'look into it' });
  await clock.advance(minute);
  expect(await stateOf(cloudwatch, 'failed')).toBe('OK');
  await put('errors', 2);
  await clock.advance(minute);
  expect(await stateOf(cloudwatch, 'failed')).toBe('ALARM');
  for (let n = 0; n < 3; n++) {
    await put('errors', 0);
    await clock.advance(minute);
  }
  expect(published()).toEqual(['failed: INSUFFICIENT_DATA -> OK', 'failed: OK -> ALARM', 'failed: ALARM -> OK']);
  const call = calls[1]!;
  expect(call.principal).toEqual({
    kind: 'service',
    arn: 'cloudwatch.amazonaws.com',
    sourceArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:failed',
  });
  expect(call.input).toMatchObject({ TopicArn: topic, Subject: 'ALARM: "failed" in us-east-1' });
  expect(JSON.parse(call.input.Message)).toMatchObject({
    AlarmDescription: 'look into it',
    AWSAccountId: '000000000000',
    StateChangeTime: '2026-01-01T00:02:00.000+0000',
    Trigger: { MetricName: 'errors', Namespace: 'App', Statistic: 'SUM', Threshold: 0, Period: 60 },
  });
});

test('rings on an expression over several metrics', async () => {
  const cloudwatch = await start();
  const { alarm, put, clock, published } = cloudwatch;
  const stat = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 300, Stat: 'Sum' },
  });
  const Metrics = [
    stat('failed', 'failed'),
    stat('timedOut', 'timedOut'),
    { Id: 'e', Expression: 'failed + timedOut' },
  ];
  const own = { Namespace: undefined, MetricName: undefined, Statistic: undefined, Period: undefined };
  await alarm('runs', { ...own, Metrics, TreatMissingData: 'notBreaching' });
  await put('failed', 0);
  await put('timedOut', 1);
  await clock.advance(minute);
  expect(published()).toEqual(['runs: INSUFFICIENT_DATA -> ALARM']);
});

test('samples the gauges of other services', async () => {
  let length = 0;
  const queues: ServiceFactory = () => ({
    name: 'queues',
    operations: {},
    permissions: () => [],
    http: async () => {},
    gauges: () => [{ namespace: 'AWS/SQS', name: 'Length', dimensions: { QueueName: 'dead' }, value: length }],
  });
  const cloudwatch = await start({ services: [queues] });
  const { alarm, clock, published } = cloudwatch;
  await alarm('dead', {
    Namespace: 'AWS/SQS',
    MetricName: 'Length',
    Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
    Statistic: 'Maximum',
  });
  await clock.advance(2 * minute);
  length = 3;
  await clock.advance(minute);
  expect(published()).toEqual(['dead: OK -> ALARM']);
});

test('takes the metrics that services measure', async () => {
  const { cloud, alarm, clock, published } = await start();
  await alarm('errors', {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'FunctionName', Value: 'work' }],
  });
  cloud.measure({
    namespace: 'AWS/Lambda',
    name: 'Errors',
    dimensions: { FunctionName: 'work' },
    value: 1,
    unit: 'Count',
  });
  await clock.advance(minute);
  expect(published()).toEqual(['errors: INSUFFICIENT_DATA -> ALARM']);
});

test('does nothing while its actions are off', async () => {
  const cloudwatch = await start();
  await cloudwatch.alarm('quiet');
  await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['quiet'] }));
  await cloudwatch.put('errors', 1);
  await cloudwatch.clock.advance(minute);
  expect([await stateOf(cloudwatch, 'quiet'), cloudwatch.published()]).toEqual(['ALARM', []]);
});

test('invokes a function', async () => {
  const { alarm, put, clock, calls } = await start();
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:page';
  await alarm('f', { AlarmActions: [arn] });
  await put('errors', 1);
  await clock.advance(minute);
  expect(calls[0]).toMatchObject({
    operation: 'Invoke',
    input: { FunctionName: arn },
    principal: { arn: 'lambda.alarms.cloudwatch.amazonaws.com' },
  });
  expect(JSON.parse(calls[0]!.input.Payload.toString()).alarmData).toMatchObject({
    alarmName: 'f',
    state: { value: 'ALARM' },
  });
});

test('follows other alarms by a rule', async () => {
  const cloudwatch = await start();
  const { alarm, send, published } = cloudwatch;
  for (const name of ['a', 'b', 'maintenance']) await alarm(name, { AlarmActions: [] });
  const set = (AlarmName: string, StateValue: any) =>
    send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'test' }));
  const AlarmRule = '(ALARM("a") OR ALARM(b)) AND NOT ALARM(maintenance)';
  await send(new PutCompositeAlarmCommand({ AlarmName: 'any', AlarmRule, AlarmActions: [topic], OKActions: [topic] }));
  for (const name of ['a', 'b', 'maintenance']) await set(name, 'OK');
  await set('b', 'ALARM');
  await set('a', 'ALARM');
  await set('maintenance', 'ALARM');
  await cloudwatch.clock.advance(0);
  expect(published()).toEqual(['any: INSUFFICIENT_DATA -> OK', 'any: OK -> ALARM', 'any: ALARM -> OK']);
  const { AlarmHistoryItems } = await send(
    new DescribeAlarmHistoryCommand({ AlarmName: 'any', HistoryItemType: 'StateUpdate', ScanBy: 'TimestampAscending' }),
  );
  expect(AlarmHistoryItems.map((item: any) => item.HistorySummary)).toEqual([
    'Alarm updated from INSUFFICIENT_DATA to OK',
    'Alarm updated from OK to ALARM',
    'Alarm updated from ALARM to OK',
  ]);
});

test.each(['ALARM(', 'ALARM(a) OK(a)', 'a', 'ALARM(missing)', ''])('refuses the rule %j', async (AlarmRule) => {
  const { alarm, send } = await start();
  await alarm('a');
  await expect(send(new PutCompositeAlarmCommand({ AlarmName: 'c', AlarmRule }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 400 },
  });
});

// The tables of AWS's guide: 3 periods of which 3, and then 2, must be breaching. X is breaching, 0 is not, - is missing.
test.each([
  ['0-X-X', 3, ['OK', 'OK', 'OK', 'OK']],
  ['0----', 3, ['OK', 'OK', 'OK', 'OK']],
  ['-----', 3, ['INSUFFICIENT_DATA', undefined, 'ALARM', 'OK']],
  ['0XX-X', 3, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['--X--', 3, ['ALARM', undefined, 'ALARM', 'OK']],
  ['0-X-X', 2, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['00X0X', 2, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['0-X--', 2, ['OK', 'OK', 'ALARM', 'OK']],
  ['----0', 2, ['OK', 'OK', 'ALARM', 'OK']],
  ['---X-', 2, ['ALARM', undefined, 'ALARM', 'OK']],
])('takes %s with %i to alarm for what AWS takes it', (points, datapointsToAlarm, expected) => {
  const values = [...points].map((point) => ({ X: 1, 0: 0 })[point]);
  const states = (['missing', 'ignore', 'breaching', 'notBreaching'] as const).map((missing) =>
    evaluateDatapoints(values, { evaluationPeriods: 3, datapointsToAlarm, missing, isBreaching: (value) => value > 0 }),
  );
  expect(states).toEqual(expected);
});

test('keeps alarms and their states in a data folder, and goes on evaluating', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-alarms-'));
  stops.push(() => rmSync(dataFolder, { recursive: true }));
  const clock = manualClock();
  const before = await startCloudwatch({ dataFolder, clock });
  await before.alarm('kept', { TreatMissingData: 'notBreaching' });
  await clock.advance(minute);
  await before.stop();
  const after = await start({ dataFolder, clock });
  expect(await stateOf(after, 'kept')).toBe('OK');
  await after.put('errors', 1);
  await clock.advance(minute);
  expect(after.published()).toEqual(['kept: OK -> ALARM']);
});

test('deletes alarms, and refuses where one is not there', async () => {
  const cloudwatch = await start();
  await cloudwatch.alarm('here');
  const remove = (...AlarmNames: string[]) => cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames }));
  await expect(remove('here', 'missing')).rejects.toMatchObject({ name: 'ResourceNotFound' });
  expect(await stateOf(cloudwatch, 'here')).toBe('INSUFFICIENT_DATA');
  await remove('here');
  expect(await stateOf(cloudwatch, 'here')).toBeUndefined();
});

test.each<[string, object]>([
  ['a period of half an hour and a second', { Period: 1801 }],
  ['minutes over more than a day', { EvaluationPeriods: 1441 }],
  ['hours over more than a week', { Period: 3600, EvaluationPeriods: 169 }],
  ['a comparison that is none', { ComparisonOperator: 'Above' }],
  ['more datapoints than periods', { DatapointsToAlarm: 2 }],
  ['no statistic', { Statistic: undefined }],
  [
    'an expression that cannot be computed',
    {
      Namespace: undefined,
      MetricName: undefined,
      Statistic: undefined,
      Period: undefined,
      Metrics: [{ Id: 'e', Expression: 'm1 + 1' }],
    },
  ],
])('refuses an alarm with %s', async (_, more) => {
  const { alarm } = await start();
  await expect(alarm('wrong', more)).rejects.toMatchObject({ name: expect.stringMatching(/InvalidParameterValue/) });
});

test('refuses an action that it does not have, by name', async () => {
  const { alarm } = await start();
  await expect(alarm('far', { AlarmActions: ['arn:aws:automate:us-east-1:ec2:stop'] })).rejects.toMatchObject({
    name: 'NotImplemented',
  });
});

test('keeps dashboards', async () => {
  const { send } = await start();
  const DashboardBody = '{"widgets":[]}';
  await send(new PutDashboardCommand({ DashboardName: 'overview', DashboardBody }));
  expect(await send(new GetDashboardCommand({ DashboardName: 'overview' }))).toMatchObject({ DashboardBody });
  expect((await send(new ListDashboardsCommand({}))).DashboardEntries).toMatchObject([
    { DashboardName: 'overview', Size: 14 },
  ]);
  await send(new DeleteDashboardsCommand({ DashboardNames: ['overview'] }));
  await expect(send(new GetDashboardCommand({ DashboardName: 'overview' }))).rejects.toMatchObject({
    name: 'DashboardNotFoundError',
  });
  await expect(send(new PutDashboardCommand({ DashboardName: 'bad', DashboardBody: '{' }))).rejects.toMatchObject({
    name: 'DashboardInvalidInputError',
  });
});
