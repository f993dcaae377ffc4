import type { Clock } from '../../../../lib/core/clock.ts';
import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Operation } from '../../../service.ts';
import { invalidValue, missing } from '../errors.ts';
import { type Bucket, bucketOf, emptyBucket, mergeBuckets } from '../metrics/bucket.ts';
import { metricKey, metricOf, shownDimensions } from '../metrics/metric.ts';
import { type MetricStore, minute } from '../metrics/metric-store.ts';
import { checkedPeriod, readQueries, runQueries } from '../metrics/queries.ts';
import { statistic } from '../metrics/statistic.ts';
import { units } from '../metrics/units.ts';
import { milliseconds } from '../time.ts';

const maxData = 1000;
/** Nothing outside of -2^360 to 2^360 is kept. */
const largest = 2 ** 360;
const maxQueries = 500;
const maxDatapoints = 1440;
/** Of one answer of GetMetricData. */
const mostPoints = 100_800;
const hour = 3_600_000;
const longestSpan = 3 * 366 * 24 * hour;
const datumMembers = [
  ...[
    'MetricName',
    'Dimensions',
    'Timestamp',
    'Value',
    'Values',
    'Counts',
    'StatisticValues',
    'Unit',
    'StorageResolution',
  ],
];

export function putMetricData(store: MetricStore, clock: Clock): Operation {
  return async (input) => {
    refuseUnknown('monitoring:PutMetricData', input, ['Namespace', 'MetricData', 'StrictEntityValidation']);
    const data: any[] = input.MetricData ?? [];
    if (/^AWS\//.test(input.Namespace ?? '')) {
      throw invalidValue(
        `The value ${input.Namespace} for parameter Namespace is invalid: it must not begin with AWS/.`,
      );
    }
    if (data.length === 0) throw missing('MetricData');
    if (data.length > maxData)
      throw invalidValue(`The collection MetricData must not have a size greater than ${maxData}.`);
    const checked = data.map((datum) => checkedDatum(input.Namespace, datum, clock.now()));
    for (const { metric, unit, at, values } of checked) store.add(metric, unit, at, values);
    return {};
  };
}

function checkedDatum(Namespace: string, datum: any, now: number) {
  refuseUnknown('monitoring:PutMetricData', datum, datumMembers);
  const metric = metricOf({ ...datum, Namespace });
  const at = datum.Timestamp == null ? now : milliseconds(datum.Timestamp);
  if (at < now - 14 * 24 * hour || at > now + 2 * hour) {
    throw invalidValue(
      'The parameter MetricData.member.1.Timestamp must specify a time within the last two weeks and no more than two hours into the future.',
    );
  }
  const { Unit: unit = 'None', StorageResolution = 60 } = datum;
  if (!units.has(unit)) throw invalidValue(`The value ${unit} for parameter MetricData.member.1.Unit is invalid.`);
  if (![1, 60].includes(Number(StorageResolution))) {
    throw invalidValue(
      `The value ${StorageResolution} for parameter MetricData.member.1.StorageResolution is invalid: it must be 1 or 60.`,
    );
  }
  return { metric, unit, at, values: valuesOf(datum) };
}

function valuesOf(datum: any): Bucket {
  const ways = [datum.Value, datum.Values, datum.StatisticValues].filter((way) => way != null);
  if (ways.length !== 1) throw invalidValue('Exactly one of Value, Values and StatisticValues must be given.');
  if (datum.StatisticValues) {
    const { SampleCount, Sum, Minimum, Maximum } = datum.StatisticValues;
    return { count: number(SampleCount), sum: number(Sum), min: number(Minimum), max: number(Maximum), values: [] };
  }
  if (datum.Value != null) return bucketOf(number(datum.Value));
  const values: unknown[] = datum.Values;
  const counts: unknown[] = datum.Counts ?? values.map(() => 1);
  if (values.length !== counts.length || values.length > 150)
    throw invalidValue('Values and Counts must have the same length, of at most 150.');
  return values.map((value, index) => bucketOf(number(value), number(counts[index]))).reduce(mergeBuckets, emptyBucket);
}

function number(value: unknown): number {
  const result = Number(value);
  if (!(Math.abs(result) <= largest))
    throw invalidValue(`The value ${value} for parameter MetricData.member.1.Value is invalid.`);
  return result;
}

export function getMetricData(store: MetricStore): Operation {
  return async (input) => {
    refuseUnknown('monitoring:GetMetricData', input, [
      'MetricDataQueries',
      'StartTime',
      'EndTime',
      'ScanBy',
      'MaxDatapoints',
      'LabelOptions',
      'NextToken',
    ]);
    const [start, end] = span(input);
    // Nothing is kept for longer than CloudWatch's fifteen months; this leaves room on both sides.
    if (end - start > longestSpan) throw invalidValue('The time range must be no longer than three years.');
    if ((input.MetricDataQueries?.length ?? 0) > maxQueries)
      throw invalidValue(`There must be no more than ${maxQueries} queries.`);
    const queries = readQueries(input.MetricDataQueries ?? []);
    const results = runQueries(store, queries, start, end);
    const oldestFirst = input.ScanBy === 'TimestampAscending';
    const MetricDataResults = queries
      .filter(({ returnData }) => returnData)
      .flatMap(({ id, label }) => {
        const value = results.get(id)!;
        if (typeof value === 'number') throw invalidValue(`The expression of ${id} must give a time series.`);
        const all = value instanceof Map ? [value] : (value as ReadonlyMap<number, number>[]);
        return all.map((series) => {
          const points = [...series].sort(([a], [b]) => (oldestFirst ? a - b : b - a));
          return {
            Id: id,
            Label: label,
            Timestamps: points.map(([time]) => new Date(time)),
            Values: points.map(([, one]) => one),
            StatusCode: 'Complete',
          };
        });
      });
    const points = MetricDataResults.reduce((sum, { Values }) => sum + Values.length, 0);
    if (points > (input.MaxDatapoints ?? mostPoints)) throw new NotSupportedError('pages of GetMetricData');
    return { MetricDataResults, Messages: [] };
  };
}

export function getMetricStatistics(store: MetricStore): Operation {
  return async (input) => {
    refuseUnknown('monitoring:GetMetricStatistics', input, [
      'Namespace',
      'MetricName',
      'Dimensions',
      'StartTime',
      'EndTime',
      'Period',
      'Statistics',
      'ExtendedStatistics',
      'Unit',
    ]);
    const metric = metricOf(input);
    const [start, end] = span(input);
    const period = checkedPeriod(input.Period) * 1000;
    const plain: string[] = input.Statistics ?? [];
    const extended: string[] = input.ExtendedStatistics ?? [];
    if (plain.length + extended.length === 0) throw missing('Statistics');
    const count = Math.ceil((end - start) / period);
    if (count > maxDatapoints) {
      throw new AwsError(
        'InvalidParameterCombinationException',
        `You have requested up to ${count} datapoints, which exceeds the limit of ${maxDatapoints}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
      );
    }
    const Datapoints: object[] = [];
    // Values of different units are never added up.
    const units = input.Unit == null ? store.unitsOf(metric) : [input.Unit];
    for (let time = Math.floor(start / minute) * minute; time < end; time += period) {
      for (const Unit of units) {
        const bucket = store.read(metric, Unit, time, Math.min(time + period, end));
        if (!bucket) continue;
        const values = (names: string[]) => Object.fromEntries(names.map((name) => [name, statistic(name)(bucket)]));
        Datapoints.push({
          Timestamp: new Date(time),
          Unit,
          ...values(plain),
          ...(extended.length > 0 && { ExtendedStatistics: values(extended) }),
        });
      }
    }
    return { Label: metric.name, Datapoints };
  };
}

export function listMetrics(store: MetricStore): Operation {
  return async (input) => {
    refuseUnknown('monitoring:ListMetrics', input, ['Namespace', 'MetricName', 'Dimensions', 'NextToken']);
    const wanted: { Name: string; Value?: string }[] = input.Dimensions ?? [];
    const found = store
      .list()
      .filter(
        (metric) =>
          (input.Namespace === undefined || metric.namespace === input.Namespace) &&
          (input.MetricName === undefined || metric.name === input.MetricName) &&
          wanted.every(
            ({ Name, Value }) => Name in metric.dimensions && (Value == null || metric.dimensions[Name] === Value),
          ),
      )
      .sort((a, b) => (metricKey(a) < metricKey(b) ? -1 : 1));
    const { page, next: NextToken } = paginate(found, { token: input.NextToken, size: 500 });
    const Metrics = page.map((metric) => ({
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: shownDimensions(metric),
    }));
    return { Metrics, NextToken };
  };
}

function span(input: any): [number, number] {
  if (input.StartTime == null) throw missing('StartTime');
  if (input.EndTime == null) throw missing('EndTime');
  const start = milliseconds(input.StartTime);
  const end = milliseconds(input.EndTime);
  if (end <= start) throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  if (input.NextToken !== undefined && input.MetricDataQueries) throw new NotSupportedError('pages of GetMetricData');
  return [start, end];
}
