/** Values by time, in milliseconds since the epoch. */
export type Series = ReadonlyMap<number, number>;

/** What an expression can be: one number for all times, one series, or several. */
export type Value = number | Series | readonly Series[];

/** What a function knows of the query around it. */
export interface MathContext {
  /** All times of the query, oldest first. */
  readonly times: readonly number[];
  readonly periodSeconds: number;
}

type MathFunction = (args: readonly Value[], context: MathContext) => Value | undefined;

/** Functions of metric math by name. Each answers undefined where its arguments do not fit. */
export const mathFunctions: Readonly<Record<string, MathFunction>> = {
  ABS: each(Math.abs),
  CEIL: each(Math.ceil),
  FLOOR: each(Math.floor),
  LOG: each(Math.log),
  LOG10: each(Math.log10),
  SUM: reduce((values) => values.reduce((sum, value) => sum + value, 0)),
  AVG: reduce((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  MIN: reduce((values) => Math.min(...values)),
  MAX: reduce((values) => Math.max(...values)),
  STDDEV: reduce((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  }),
  FIRST: ([list]) => (Array.isArray(list) ? list[0] : undefined),
  LAST: ([list]) => (Array.isArray(list) ? list.at(-1) : undefined),
  METRIC_COUNT: ([list]) => (Array.isArray(list) ? list.length : undefined),
  DATAPOINT_COUNT: ([series]) => (series instanceof Map ? series.size : undefined),
  PERIOD: (_args, { periodSeconds }) => periodSeconds,
  TIME_SERIES: ([value], { times }) =>
    typeof value === 'number' ? new Map(times.map((time) => [time, value])) : undefined,
  FILL: fill,
  IF: choose,
  DIFF: ([series]) => stepwise(series, (value, before) => value - before),
  DIFF_TIME: ([series]) => stepwise(series, (_value, _before, seconds) => seconds),
  RATE: ([series]) => stepwise(series, (value, before, seconds) => (value - before) / seconds),
  RUNNING_SUM: ([series]) => {
    if (!(series instanceof Map)) return undefined;
    const sums = new Map<number, number>();
    let sum = 0;
    for (const [time, value] of sorted(series)) {
      sum += value;
      sums.set(time, sum);
    }
    return sums;
  },
};

function each(apply: (value: number) => number): MathFunction {
  return ([value]) => {
    if (typeof value === 'number') return apply(value);
    if (value instanceof Map) return mapSeries(value, apply);
    return Array.isArray(value) ? value.map((series) => mapSeries(series, apply)) : undefined;
  };
}

/** Of one series its values become one number; of several, the values of each time become one. */
function reduce(apply: (values: number[]) => number): MathFunction {
  return (args) => {
    const [value] = args;
    if (args.length === 1 && value instanceof Map) return value.size === 0 ? undefined : apply([...value.values()]);
    const lists = args.flatMap((arg) => (Array.isArray(arg) ? arg : [arg])) as (number | Series)[];
    const series = lists.filter((one): one is Series => one instanceof Map);
    const numbers = lists.filter((one): one is number => typeof one === 'number');
    if (series.length === 0) return numbers.length > 0 ? apply(numbers) : new Map();
    const result = new Map<number, number>();
    for (const time of new Set(series.flatMap((one) => [...one.keys()]))) {
      const there = series.map((one) => one.get(time)).filter((one) => one !== undefined);
      result.set(time, apply([...there, ...numbers]));
    }
    return result;
  };
}

function fill([target, filler]: readonly Value[], { times }: MathContext): Value | undefined {
  if (Array.isArray(target)) return target.map((series) => fillOne(series, filler, times));
  return target instanceof Map ? fillOne(target, filler, times) : undefined;
}

function fillOne(series: Series, filler: Value | undefined, times: readonly number[]): Series {
  const filled = new Map<number, number>();
  for (const time of times) {
    const value =
      series.get(time) ?? (typeof filler === 'number' ? filler : filler instanceof Map ? filler.get(time) : undefined);
    if (value !== undefined) filled.set(time, value);
  }
  return filled;
}

function choose([condition, yes, no]: readonly Value[]): Value | undefined {
  if (typeof condition === 'number') return condition !== 0 ? yes : (no ?? new Map());
  if (!(condition instanceof Map)) return undefined;
  const result = new Map<number, number>();
  for (const [time, flag] of condition) {
    const chosen = flag !== 0 ? yes : no;
    const value = typeof chosen === 'number' ? chosen : chosen instanceof Map ? chosen.get(time) : undefined;
    if (value !== undefined) result.set(time, value);
  }
  return result;
}

function stepwise(
  value: Value | undefined,
  apply: (value: number, before: number, seconds: number) => number,
): Series | undefined {
  if (!(value instanceof Map)) return undefined;
  const points = sorted(value);
  return new Map(
    points.slice(1).map(([time, one], index) => {
      const [timeBefore, before] = points[index]!;
      return [time, apply(one, before, (time - timeBefore) / 1000)];
    }),
  );
}

export function mapSeries(series: Series, apply: (value: number, time: number) => number): Series {
  return new Map([...series].map(([time, value]) => [time, apply(value, time)]));
}

const sorted = (series: Series) => [...series].sort(([a], [b]) => a - b);
