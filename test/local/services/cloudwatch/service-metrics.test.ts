import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/authorizer.ts';
import type { ServiceFactory } from '../../../../local/service.ts';
import { createCloudwatch } from '../../../../local/services/cloudwatch/index.ts';
import { createLambda } from '../../../../local/services/lambda/index.ts';
import { createLogs } from '../../../../local/services/logs/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';
import { createStepFunctions } from '../../../../local/services/stepfunctions/index.ts';
import { minute } from './cloud.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(...services: ServiceFactory[]) {
  const clock = manualClock();
  const cloud = await LocalCloud.start({ clock, services: [createCloudwatch, ...services] });
  stops.push(() => cloud.close());
  const call = (service: string, operation: string, input: object) =>
    cloud.call(service, operation, input, root(cloud.accountId));
  return {
    cloud,
    clock,
    call,
    /** The values of a metric over the last minutes, oldest first. */
    async values(
      Namespace: string,
      MetricName: string,
      dimensions: Record<string, string>,
      Stat: string,
      minutes: number,
    ) {
      const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
      const now = clock.now();
      const { MetricDataResults } = await call('monitoring', 'GetMetricData', {
        MetricDataQueries: [
          { Id: 'm', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat } },
        ],
        StartTime: new Date(now - minutes * minute),
        EndTime: new Date(now),
        ScanBy: 'TimestampAscending',
      });
      return MetricDataResults[0].Values;
    },
  };
}

test('knows how full and how old queues are', async () => {
  const { call, clock, values, cloud } = await start(createSqs);
  await call('sqs', 'CreateQueue', { QueueName: 'dead' });
  // Queues are asked while there is somebody to ring.
  await call('monitoring', 'PutMetricAlarm', {
    AlarmName: 'dead',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  await clock.advance(minute);
  await call('sqs', 'SendMessage', { QueueUrl: `${cloud.endpoint}/000000000000/dead`, MessageBody: 'x' });
  await clock.advance(2 * minute);
  const dimensions = { QueueName: 'dead' };
  expect(await values('AWS/SQS', 'ApproximateNumberOfMessagesVisible', dimensions, 'Maximum', 3)).toEqual([0, 1, 1]);
  expect(await values('AWS/SQS', 'ApproximateAgeOfOldestMessage', dimensions, 'Maximum', 3)).toEqual([0, 60, 120]);
  const { MetricAlarms } = await call('monitoring', 'DescribeAlarms', { AlarmNames: ['dead'] });
  expect(MetricAlarms[0].StateValue).toBe('ALARM');
});

test('counts how executions ended, with a 0 for every other way', async () => {
  const { call, clock, values } = await start(createStepFunctions);
  const definition = JSON.stringify({
    StartAt: 'Decide',
    States: {
      Decide: { Type: 'Choice', Choices: [{ Variable: '$.ok', BooleanEquals: true, Next: 'Done' }], Default: 'Broken' },
      Done: { Type: 'Succeed' },
      Broken: { Type: 'Fail', Error: 'Broken' },
    },
  });
  const roleArn = 'arn:aws:iam::000000000000:role/machine';
  const { stateMachineArn } = await call('states', 'CreateStateMachine', { name: 'm', definition, roleArn });
  for (const ok of [true, true, false])
    await call('states', 'StartExecution', { stateMachineArn, input: JSON.stringify({ ok }) });
  await clock.advance(minute);
  const sum = (name: string) => values('AWS/States', name, { StateMachineArn: stateMachineArn }, 'Sum', 1);
  expect(await sum('ExecutionsStarted')).toEqual([3]);
  expect(await sum('ExecutionsSucceeded')).toEqual([2]);
  expect(await sum('ExecutionsFailed')).toEqual([1]);
  expect(await sum('ExecutionsTimedOut')).toEqual([0]);
});

test('takes the metrics that functions write to their logs', async () => {
  const { call, clock, values } = await start((cloud) => createLogs(cloud));
  await call('logs', 'CreateLogGroup', { logGroupName: 'g' });
  await call('logs', 'CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
  const CloudWatchMetrics = [{ Namespace: 'App', Dimensions: [['stage']], Metrics: [{ Name: 'rows', Unit: 'Count' }] }];
  const message = JSON.stringify({ _aws: { Timestamp: clock.now(), CloudWatchMetrics }, stage: 'process', rows: 42 });
  await call('logs', 'PutLogEvents', {
    logGroupName: 'g',
    logStreamName: 's',
    logEvents: [{ timestamp: clock.now(), message }],
  });
  await clock.advance(minute);
  expect(await values('App', 'rows', { stage: 'process' }, 'Sum', 1)).toEqual([42]);
});

test('counts how functions were invoked and how often they failed', async () => {
  const { call, clock, values } = await start((cloud) => createLambda(cloud));
  const code = mkdtempSync(join(tmpdir(), 'penstock-metrics-'));
  stops.push(() => rmSync(code, { recursive: true }));
  writeFileSync(join(code, 'index.js'), "exports.handler = async ({ fail }) => { if (fail) throw new Error('no'); };");
  await call('lambda', 'CreateFunction', {
    FunctionName: 'work',
    Role: 'arn:aws:iam::000000000000:role/worker',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { LocalPath: code },
  });
  for (const fail of [true, false, false]) {
    await call('lambda', 'Invoke', { FunctionName: 'work', Payload: Buffer.from(JSON.stringify({ fail })) });
  }
  await clock.advance(minute);
  const sum = (name: string) => values('AWS/Lambda', name, { FunctionName: 'work' }, 'Sum', 1);
  expect(await sum('Invocations')).toEqual([3]);
  expect(await sum('Errors')).toEqual([1]);
  expect(await sum('Throttles')).toEqual([0]);
});
