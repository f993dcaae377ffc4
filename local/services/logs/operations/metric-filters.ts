import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { compileFilter } from '../filter-pattern.ts';
import { findGroup } from '../find-group.ts';
import { invalid, knownInput, notFound } from '../known-input.ts';
import type { LogStore } from '../log-store.ts';
import type { MetricFilters, MetricTransformation } from '../metric-filters.ts';
import { paginate } from '../paginate.ts';

const mostFilters = 100;
const mostDimensions = 3;

/** Metric filters: made or changed, tried on messages, listed, deleted. */
export function metricFilterOperations(
  cloud: Cloud,
  store: LogStore,
  filters: MetricFilters,
): Record<string, Operation> {
  return {
    async PutMetricFilter(input) {
      const known = ['logGroupName', 'filterName', 'filterPattern', 'metricTransformations'];
      knownInput('PutMetricFilter', input, known);
      const { name: logGroupName } = findGroup(store, input);
      const { filterName, filterPattern, metricTransformations } = input;
      if (!/^[^:*]{1,512}$/.test(filterName ?? ''))
        throw invalid(`filterName has 1 to 512 characters without ":" and "*", got "${filterName}"`);
      if (typeof filterPattern !== 'string') throw invalid('filterPattern is missing');
      compileFilter(filterPattern);
      if (metricTransformations?.length !== 1)
        throw invalid(`metricTransformations holds 1 transformation, got ${metricTransformations?.length ?? 0}`);
      metricTransformations.forEach(check);
      const before = filters.find(logGroupName, filterName);
      if (!before && filters.of(logGroupName).length >= mostFilters)
        throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
      const creationTime = before?.creationTime ?? cloud.clock.now();
      filters.set({ filterName, logGroupName, filterPattern, metricTransformations, creationTime });
    },

    async DeleteMetricFilter(input) {
      knownInput('DeleteMetricFilter', input, ['logGroupName', 'filterName']);
      const { name } = findGroup(store, input);
      if (!filters.find(name, input.filterName)) throw notFound('metric filter');
      filters.delete(name, input.filterName);
    },

    async DescribeMetricFilters(input) {
      const known = ['logGroupName', 'filterNamePrefix', 'metricName', 'metricNamespace', 'limit', 'nextToken'];
      knownInput('DescribeMetricFilters', input, known);
      const { filterNamePrefix = '', metricName, metricNamespace } = input;
      const all = input.logGroupName === undefined ? filters.all() : filters.of(findGroup(store, input).name);
      const found = all.filter(
        ({ filterName, metricTransformations }) =>
          filterName.startsWith(filterNamePrefix) &&
          metricTransformations.some(
            (one) =>
              one.metricName === (metricName ?? one.metricName) &&
              one.metricNamespace === (metricNamespace ?? one.metricNamespace),
          ),
      );
      const { page, nextToken } = paginate(found, input);
      return { metricFilters: page, nextToken };
    },

    async TestMetricFilter(input) {
      knownInput('TestMetricFilter', input, ['filterPattern', 'logEventMessages']);
      const matches = compileFilter(String(input.filterPattern ?? ''));
      const messages: string[] = input.logEventMessages ?? [];
      return {
        matches: messages.flatMap((eventMessage, index) =>
          matches(eventMessage) ? [{ eventNumber: index + 1, eventMessage, extractedValues: {} }] : [],
        ),
      };
    },
  };
}

const members = ['metricName', 'metricNamespace', 'metricValue', 'defaultValue', 'dimensions', 'unit'];

function check(transformation: MetricTransformation): void {
  knownInput('PutMetricFilter', transformation as any, members);
  const { metricName, metricNamespace, metricValue, defaultValue, dimensions } = transformation;
  if (!metricName || !metricNamespace || !metricValue)
    throw invalid('a metric transformation has a metricName, a metricNamespace and a metricValue');
  if (/^\$[^.[]/.test(metricValue)) throw new NotSupportedError('space-delimited filter patterns of CloudWatch Logs');
  if (!metricValue.startsWith('$') && !Number.isFinite(Number(metricValue)))
    throw invalid(`metricValue is a number or a place such as $.bytes, got "${metricValue}"`);
  const names = Object.keys(dimensions ?? {});
  if (names.length > mostDimensions) throw invalid(`a metric filter has ${mostDimensions} dimensions at most`);
  if (names.length > 0 && defaultValue !== undefined)
    throw invalid('a metric transformation with dimensions cannot have a defaultValue');
}
