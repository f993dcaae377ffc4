import { NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { invalidValue } from '../errors.ts';
import { evaluateExpression } from '../math/evaluate.ts';
import type { Series, Value } from '../math/functions.ts';
import { type Expression, parseExpression } from '../math/parse.ts';
import { type Metric, metricOf } from './metric.ts';
import { type MetricStore, minute } from './metric-store.ts';
import { statistic } from './statistic.ts';

/** Where queries find their values. */
type Values = Pick<MetricStore, 'read'>;

/** One entry of `MetricDataQueries`, after its rules. */
export interface Query {
  readonly id: string;
  readonly label: string;
  readonly returnData: boolean;
  /** Of a metric; an expression has that of the metrics that it names. */
  readonly periodSeconds?: number;
  readonly metric?: { readonly metric: Metric; readonly stat: string; readonly unit?: string };
  readonly expression?: Expression;
}

/** Reads and checks `MetricDataQueries` (or the `Metrics` of an alarm). */
export function readQueries(given: readonly any[]): Query[] {
  const queries = given.map(readQuery);
  const ids = queries.map(({ id }) => id);
  if (new Set(ids).size < ids.length) throw invalidValue('The ids of the queries are not distinct.');
  return queries;
}

function readQuery(given: any): Query {
  refuseUnknown('CloudWatch queries', given, [
    'Id',
    'Label',
    'ReturnData',
    'Period',
    'Expression',
    'MetricStat',
    'AccountId',
  ]);
  if (!/^[a-z][A-Za-z0-9_]*$/.test(given.Id ?? ''))
    throw invalidValue(`The value ${given.Id} for parameter Id is invalid.`);
  if ((given.Expression == null) === (given.MetricStat == null)) {
    throw invalidValue(`The query ${given.Id} must have either MetricStat or Expression.`);
  }
  const common = {
    id: given.Id,
    label: given.Label ?? given.MetricStat?.Metric?.MetricName ?? given.Id,
    returnData: given.ReturnData ?? true,
  };
  if (given.Expression != null) {
    const periodSeconds = given.Period == null ? undefined : checkedPeriod(given.Period);
    return { ...common, periodSeconds, expression: parseExpression(given.Expression) };
  }
  const { Metric, Period, Stat, Unit } = given.MetricStat;
  statistic(Stat);
  return {
    ...common,
    periodSeconds: checkedPeriod(Period),
    metric: { metric: metricOf(Metric ?? {}), stat: Stat, unit: Unit ?? undefined },
  };
}

/** A year: longer than anything that is asked, and than values are kept. */
const longestPeriodSeconds = 366 * 86_400;

export function checkedPeriod(period: unknown): number {
  const seconds = Number(period);
  if ([1, 5, 10, 20, 30].includes(seconds))
    throw new NotSupportedError(`CloudWatch periods below a minute: ${seconds}`);
  if (!Number.isInteger(seconds) || seconds <= 0 || seconds % 60 !== 0 || seconds > longestPeriodSeconds) {
    throw invalidValue(
      `The value ${period} for parameter Period is invalid: it must be a multiple of 60, of at most ${longestPeriodSeconds}.`,
    );
  }
  return seconds;
}

/** The period of a whole set of queries: the longest of its metrics. */
export function periodOf(queries: readonly Query[]): number {
  return Math.max(60, ...queries.map(({ periodSeconds = 60 }) => periodSeconds));
}

/**
 * The series of every query by id, with one value per period. Times are the beginnings of periods, counted back from
 * `end` (milliseconds) by as many as fit after `start`.
 */
export function runQueries(store: Values, queries: readonly Query[], start: number, end: number): Map<string, Value> {
  const results = new Map<string, Value>();
  for (const { id, metric, periodSeconds } of queries) {
    if (metric) results.set(id, seriesOf(store, metric, periodSeconds!, start, end));
  }
  const periodSeconds = periodOf(queries);
  const context = { times: periodStarts(periodSeconds * 1000, start, end), periodSeconds };
  // An expression may use another one, so each waits until those that it names are there.
  let waiting = queries.filter(({ expression }) => expression !== undefined);
  while (waiting.length > 0) {
    const ready = waiting.filter(
      ({ id, expression }) => !waiting.some((other) => other.id !== id && names(expression!, other.id)),
    );
    if (ready.length === 0) throw invalidValue('The expressions refer to each other.');
    const metricsOnly = new Map([...results].filter(([id]) => queries.find((query) => query.id === id)?.metric));
    for (const { id, expression } of ready) {
      const ids = usesAll(expression!) ? metricsOnly : results;
      results.set(id, evaluateExpression(expression!, ids, context));
    }
    waiting = waiting.filter((query) => !ready.includes(query));
  }
  return results;
}

export function seriesOf(
  store: Values,
  query: NonNullable<Query['metric']>,
  periodSeconds: number,
  start: number,
  end: number,
): Series {
  const stat = statistic(query.stat);
  const series = new Map<number, number>();
  for (const time of periodStarts(periodSeconds * 1000, start, end)) {
    const bucket = store.read(query.metric, query.unit, time, time + periodSeconds * 1000);
    const value = bucket && stat(bucket);
    if (value !== undefined) series.set(time, value);
  }
  return series;
}

/** The beginnings of the periods between two times, by whole minutes, oldest first. */
function periodStarts(period: number, start: number, end: number): number[] {
  const first = Math.floor(start / minute) * minute;
  const last = Math.ceil(end / minute) * minute;
  const count = Math.max(0, Math.floor((last - first) / period));
  return Array.from({ length: count }, (_, index) => last - (count - index) * period);
}

function names(expression: Expression, id: string): boolean {
  return some(expression, (one) => one.kind === 'metric' && one.id === id);
}

function usesAll(expression: Expression): boolean {
  return some(expression, (one) => one.kind === 'all');
}

function some(expression: Expression, test: (expression: Expression) => boolean): boolean {
  if (test(expression)) return true;
  switch (expression.kind) {
    case 'negative':
      return some(expression.of, test);
    case 'operator':
      return some(expression.left, test) || some(expression.right, test);
    case 'list':
      return expression.items.some((item) => some(item, test));
    case 'call':
      return expression.args.some((arg) => some(arg, test));
    default:
      return false;
  }
}
