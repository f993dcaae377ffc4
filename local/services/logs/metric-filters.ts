import type { Cloud, ServiceMetric } from '../../service.ts';
import type { Collection } from '../../store.ts';
import { compileFilter, type MessageFilter } from './filter-pattern.ts';
import { jsonReader } from './json-filter.ts';

export interface MetricTransformation {
  readonly metricName: string;
  readonly metricNamespace: string;
  /** A number, or the place of one in the event, such as `$.bytes`. */
  readonly metricValue: string;
  /** Emitted where events came and none of them matched. */
  readonly defaultValue?: number;
  /** Place in the event by name of the dimension. */
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly unit?: string;
}

export interface MetricFilter {
  readonly filterName: string;
  readonly logGroupName: string;
  readonly filterPattern: string;
  readonly metricTransformations: readonly MetricTransformation[];
  readonly creationTime: number;
}

interface LoggedEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** The metric filters of all groups: they turn events that match into values of metrics as the events come. */
export class MetricFilters {
  readonly #cloud: Cloud;
  readonly #filters: Collection<MetricFilter>;
  readonly #compiled = new Map<string, MessageFilter>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#filters = cloud.store.collection('logs.metricFilters');
  }

  all(): MetricFilter[] {
    return [...this.#filters.values()].sort((a, b) => (a.filterName < b.filterName ? -1 : 1));
  }

  of(group: string): MetricFilter[] {
    return this.all().filter(({ logGroupName }) => logGroupName === group);
  }

  find(group: string, name: string): MetricFilter | undefined {
    return this.#filters.get(filterKey(group, name));
  }

  set(filter: MetricFilter): void {
    this.#filters.set(filterKey(filter.logGroupName, filter.filterName), filter);
  }

  delete(group: string, name: string): void {
    this.#filters.delete(filterKey(group, name));
  }

  /** Hands CloudWatch what the filters of a group find in events. */
  measure(group: string, events: readonly LoggedEvent[]): void {
    if (this.#filters.size === 0) return;
    for (const filter of this.of(group)) {
      const found = events.filter(({ message }) => this.#matcher(filter.filterPattern)(message));
      for (const transformation of filter.metricTransformations) {
        for (const metric of found.flatMap((event) => metricsOf(transformation, event))) this.#cloud.measure(metric);
        const { defaultValue, metricNamespace: namespace, metricName: name, unit } = transformation;
        if (found.length > 0 || defaultValue === undefined) continue;
        const at = events.at(-1)!.timestamp;
        this.#cloud.measure({ namespace, name, dimensions: {}, value: defaultValue, unit, at });
      }
    }
  }

  #matcher(pattern: string): MessageFilter {
    let matcher = this.#compiled.get(pattern);
    if (!matcher) {
      matcher = compileFilter(pattern);
      this.#compiled.set(pattern, matcher);
    }
    return matcher;
  }
}

/** Neither name can hold this separator. */
const filterKey = (group: string, name: string) => `${group}:${name}`;

/** Nothing where the event has no number at the place of the value, or lacks a dimension. */
function metricsOf(transformation: MetricTransformation, { timestamp, message }: LoggedEvent): ServiceMetric[] {
  const { metricNamespace: namespace, metricName: name, metricValue, dimensions = {}, unit } = transformation;
  const read = fieldsOf(message);
  const value = Number(metricValue.startsWith('$') ? (read(metricValue) ?? Number.NaN) : metricValue);
  const named = Object.entries(dimensions).map(([dimension, place]) => [dimension, read(place)] as const);
  const missing = named.some(([, found]) => found === undefined || found === null || typeof found === 'object');
  if (!Number.isFinite(value) || missing) return [];
  const texts = Object.fromEntries(named.map(([dimension, found]) => [dimension, String(found)]));
  return [{ namespace, name, dimensions: texts, value, unit, at: timestamp }];
}

function fieldsOf(message: string): (place: string) => unknown {
  let event: unknown;
  try {
    event = JSON.parse(message);
  } catch {
    return () => undefined;
  }
  return (place) => jsonReader(place)(event);
}
