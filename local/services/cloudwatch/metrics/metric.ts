import { invalidValue } from '../errors.ts';

/** What a series of values is about. Dimensions are part of its identity: more or fewer of them are another metric. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const maxDimensions = 30;

/** One name for one metric, whatever the order of its dimensions. */
export function metricKey({ namespace, name, dimensions }: Metric): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
}

/** A metric out of the members that requests, alarms and queries name it by. */
export function metricOf(input: {
  Namespace?: string;
  MetricName?: string;
  Dimensions?: readonly Dimension[];
}): Metric {
  if (!input.Namespace || input.Namespace.length > 255)
    throw invalidValue(`The value ${input.Namespace} for parameter Namespace is invalid.`);
  if (!input.MetricName || input.MetricName.length > 255)
    throw invalidValue(`The value ${input.MetricName} for parameter MetricName is invalid.`);
  const given = input.Dimensions ?? [];
  if (given.length > maxDimensions) throw invalidValue(`A metric has at most ${maxDimensions} dimensions.`);
  for (const { Name, Value } of given) {
    if (!Name || !Value) throw invalidValue('The name and the value of a dimension must not be empty.');
  }
  const names = given.map(({ Name }) => Name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidValue(`No duplicate names are allowed in the dimensions: ${twice}.`);
  const dimensions = Object.fromEntries(given.map(({ Name, Value }) => [Name, Value]));
  return { namespace: input.Namespace, name: input.MetricName, dimensions };
}

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export const shownDimensions = ({ dimensions }: Metric): Dimension[] =>
  Object.entries(dimensions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Name, Value]) => ({ Name, Value }));
