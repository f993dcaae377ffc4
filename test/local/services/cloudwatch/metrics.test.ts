import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { embeddedMetrics } from '../../../../local/services/cloudwatch/embedded-metrics.ts';
import { minute, startCloudwatch } from './cloud.ts';

let cloudwatch: Awaited<ReturnType<typeof startCloudwatch>>;
const start = Date.UTC(2026, 0, 1);
beforeEach(async () => {
  cloudwatch = await startCloudwatch();
});
afterEach(() => cloudwatch.stop());

const ask = (MetricDataQueries: any[], minutes: number, more: object = {}) =>
  cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(start),
      EndTime: new Date(start + minutes * minute),
      ScanBy: 'TimestampAscending',
      ...more,
    }),
  );
const metric = (Id: string, MetricName: string, Stat = 'Sum', more: object = {}) => ({
  Id,
  MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 60, Stat },
  ...more,
});

test('gives every statistic of what was put', async () => {
  for (const value of [1, 2, 3, 4, 10]) await cloudwatch.put('latency', value);
  const { Datapoints } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'App',
      MetricName: 'latency',
      StartTime: new Date(start),
      EndTime: new Date(start + minute),
      Period: 60,
      Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'],
      ExtendedStatistics: ['p50', 'p90'],
    }),
  );
  expect(Datapoints).toEqual([
    {
      Timestamp: new Date(start),
      Unit: 'None',
      Sum: 20,
      Average: 4,
      Minimum: 1,
      Maximum: 10,
      SampleCount: 5,
      ExtendedStatistics: { p50: 3, p90: 10 },
    },
  ]);
});

test('tells metrics apart by their dimensions, whatever their order', async () => {
  const Dimensions = [
    { Name: 'a', Value: '1' },
    { Name: 'b', Value: '2' },
  ];
  await cloudwatch.put('calls', 1, { Dimensions });
  await cloudwatch.put('calls', 1, { Dimensions: [...Dimensions].reverse() });
  await cloudwatch.put('calls', 5);
  const of = (dimensions: object[]) => ({
    Id: 'm',
    MetricStat: { Metric: { Namespace: 'App', MetricName: 'calls', Dimensions: dimensions }, Period: 60, Stat: 'Sum' },
  });
  expect((await ask([of(Dimensions)], 1)).MetricDataResults[0].Values).toEqual([2]);
  expect((await ask([of([])], 1)).MetricDataResults[0].Values).toEqual([5]);
  const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Dimensions: [{ Name: 'a' }] }));
  expect(Metrics).toEqual([{ Namespace: 'App', MetricName: 'calls', Dimensions }]);
});

test('adds up values, counts and statistic sets', async () => {
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: 'App',
      MetricData: [
        { MetricName: 'sizes', Values: [10, 20], Counts: [3, 1] },
        { MetricName: 'sizes', StatisticValues: { SampleCount: 2, Sum: 9, Minimum: 4, Maximum: 5 } },
      ],
    }),
  );
  const results = (
    await ask([metric('sum', 'sizes'), metric('n', 'sizes', 'SampleCount'), metric('min', 'sizes', 'Minimum')], 1)
  ).MetricDataResults;
  expect(results.map((result: any) => result.Values)).toEqual([[59], [6], [4]]);
});

test('groups minutes into periods', async () => {
  for (let n = 0; n < 10; n++) {
    await cloudwatch.put('ticks', 1);
    await cloudwatch.clock.advance(minute);
  }
  const query = {
    Id: 'm',
    MetricStat: { Metric: { Namespace: 'App', MetricName: 'ticks' }, Period: 300, Stat: 'Sum' },
  };
  const [result] = (await ask([query], 10)).MetricDataResults;
  expect([result.Timestamps, result.Values]).toEqual([
    [new Date(start), new Date(start + 5 * minute)],
    [5, 5],
  ]);
});

test.each([
  ['errors + calls', [5, 15]],
  ['100 * errors / calls', [25, 50]],
  ['-errors ^ 2', [1, 25]],
  ['errors > 1 AND calls > 1', [0, 1]],
  ['IF(errors > 1, errors, 0)', [0, 5]],
  ['FILL(sparse, 0) + errors', [8, 5]],
  ['sparse + errors', [8]],
  ['MAX([errors, calls])', [4, 10]],
  ['SUM(METRICS())', [12, 15]],
  ['errors / (errors - 1)', [1.25]],
  ['RUNNING_SUM(errors)', [1, 6]],
  ['DIFF(calls)', [6]],
  ['calls - MIN(calls)', [0, 6]],
  ['m1x', undefined],
  ['errors +', undefined],
  ['errors; calls', undefined],
])('computes %s', async (Expression, expected) => {
  for (const [errors, calls] of [
    [1, 4],
    [5, 10],
  ] as const) {
    await cloudwatch.put('errors', errors);
    await cloudwatch.put('calls', calls);
    if (errors === 1) await cloudwatch.put('sparse', 7);
    await cloudwatch.clock.advance(minute);
  }
  const hidden = { ReturnData: false };
  const queries = [
    metric('errors', 'errors', 'Sum', hidden),
    metric('calls', 'calls', 'Sum', hidden),
    metric('sparse', 'sparse', 'Sum', hidden),
    { Id: 'e', Expression },
  ];
  if (!expected)
    return expect(ask(queries, 2)).rejects.toMatchObject({ name: expect.stringMatching(/InvalidParameterValue/) });
  const { MetricDataResults } = await ask(queries, 2);
  expect(MetricDataResults.map((result: any) => result.Values)).toEqual([expected]);
});

test('lets one expression use another, but not in a circle', async () => {
  await cloudwatch.put('errors', 3);
  const queries = [
    metric('m', 'errors', 'Sum', { ReturnData: false }),
    { Id: 'b', Expression: 'a * 2' },
    { Id: 'a', Expression: 'm + 1', ReturnData: false },
  ];
  expect((await ask(queries, 1)).MetricDataResults[0].Values).toEqual([8]);
  const circle = [
    { Id: 'a', Expression: 'b' },
    { Id: 'b', Expression: 'a' },
  ];
  await expect(ask(circle, 1)).rejects.toMatchObject({ name: expect.stringMatching(/InvalidParameterValue/) });
});

test('refuses by name what it does not have', async () => {
  await expect(ask([{ Id: 'e', Expression: "SEARCH('{AWS/SQS}', 'Sum', 300)" }], 1)).rejects.toMatchObject({
    name: 'NotImplemented',
  });
  await expect(ask([metric('m', 'errors', 'tm90')], 1)).rejects.toMatchObject({ name: 'NotImplemented' });
});

test('reads the embedded metrics of a log line', () => {
  const line = JSON.stringify({
    _aws: {
      Timestamp: start,
      CloudWatchMetrics: [
        { Namespace: 'App', Dimensions: [['stage'], ['stage', 'run']], Metrics: [{ Name: 'rows', Unit: 'Count' }] },
      ],
    },
    stage: 'process',
    run: 'r1',
    rows: [3, 4],
  });
  const value = (dimensions: object, rows: number) => ({
    namespace: 'App',
    name: 'rows',
    dimensions,
    value: rows,
    unit: 'Count',
    at: start,
  });
  expect(embeddedMetrics(line)).toEqual([
    value({ stage: 'process' }, 3),
    value({ stage: 'process' }, 4),
    value({ stage: 'process', run: 'r1' }, 3),
    value({ stage: 'process', run: 'r1' }, 4),
  ]);
  expect(embeddedMetrics('{"_aws": not JSON')).toEqual([]);
  expect(embeddedMetrics('{"message":"plain"}')).toEqual([]);
});

test('keeps values of different units apart, and takes none into the namespaces of AWS', async () => {
  const put = (Namespace: string, Unit: 'Bytes' | 'Seconds', Value: number) =>
    cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'mixed', Unit, Value }] }));
  await put('App', 'Bytes', 5);
  await put('App', 'Seconds', 7);
  const ask = (EndTime: Date) =>
    cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'App',
        MetricName: 'mixed',
        StartTime: new Date(start),
        EndTime,
        Period: 60,
        Statistics: ['Sum'],
      }),
    );
  const { Datapoints } = await ask(new Date(start + minute));
  expect(Datapoints).toMatchObject([
    { Unit: 'Bytes', Sum: 5 },
    { Unit: 'Seconds', Sum: 7 },
  ]);
  await expect(ask(new Date(start + 1441 * minute))).rejects.toThrow('requested up to 1441 datapoints, which exceeds');
  await expect(put('AWS/Mine', 'Bytes', 1)).rejects.toThrow('must not begin with AWS/');
});

test('ends whatever range and period are asked for', async () => {
  const far = { StartTime: new Date(0), EndTime: new Date(8.64e15) };
  await expect(ask([metric('a', 'x')], 1, far)).rejects.toThrow('no longer than three years');
  const { MetricDataResults } = await ask([metric('a', 'x')], 3 * 365 * 24 * 60);
  expect(MetricDataResults).toMatchObject([{ Id: 'a', Values: [] }]);
  const long = { Id: 'a', MetricStat: { Metric: { Namespace: 'App', MetricName: 'x' }, Period: 6e15, Stat: 'Sum' } };
  await expect(ask([long], 1)).rejects.toThrow('parameter Period is invalid');
});

test('takes what clients compress, which they do above 10 KB', async () => {
  const Dimensions = [{ Name: 'long', Value: 'x'.repeat(200) }];
  const MetricData = Array.from({ length: 200 }, (_, index) => ({ MetricName: `m${index}`, Value: index, Dimensions }));
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Many', MetricData }));
  const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Many' }));
  expect(Metrics).toHaveLength(200);
});

test.each<[string, object]>([
  ['a unit that there is not', { Unit: 'Bananas' }],
  ['a resolution other than a second and a minute', { StorageResolution: 7 }],
  ['a value beyond 2^360', { Value: 1e300 }],
  ['a dimension twice', { Dimensions: ['a', 'b'].map((Value) => ({ Name: 'd', Value })) }],
])('refuses a value with %s', async (_what, more) => {
  const MetricData = [{ MetricName: 'odd', Value: 1, ...more }];
  const put = cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Odd', MetricData }));
  await expect(put).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  expect((await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Odd' }))).Metrics).toEqual([]);
});
