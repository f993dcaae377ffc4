import type { Operation } from '../../../service.ts';
import { compileFilter } from '../filter-pattern.ts';
import { findGroup } from '../find-group.ts';
import { invalid, knownInput, notFound } from '../known-input.ts';
import type { LogStore } from '../log-store.ts';
import { paginate } from '../paginate.ts';

const mostEvents = 10_000;

/** Searches some or all streams of a group, in the order of time. */
export const filterLogEvents =
  (store: LogStore): Operation =>
  async (input) => {
    knownInput('FilterLogEvents', input, [
      'logGroupName',
      'logGroupIdentifier',
      'logStreamNames',
      'logStreamNamePrefix',
      'startTime',
      'endTime',
      'filterPattern',
      'nextToken',
      'limit',
      'interleaved',
      'unmask',
    ]);
    const { name: group } = findGroup(store, input);
    const { startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
    const matches = compileFilter(input.filterPattern ?? '');
    const found = streamNames(store, group, input).flatMap((logStreamName) =>
      store
        .events(group, logStreamName)
        .filter(({ timestamp, message }) => timestamp >= startTime && timestamp <= endTime && matches(message))
        .map((event) => ({ logStreamName, ...event })),
    );
    found.sort((left, right) => left.timestamp - right.timestamp || left.id - right.id);
    const { page, nextToken } = paginate(found, input, mostEvents);
    const events = page.map(({ id, ...event }) => ({ ...event, eventId: String(id).padStart(56, '0') }));
    return { events, searchedLogStreams: [], nextToken };
  };

function streamNames(store: LogStore, group: string, input: Record<string, any>): readonly string[] {
  const { logStreamNames, logStreamNamePrefix: prefix = '' } = input;
  if (logStreamNames && prefix) throw invalid('logStreamNames and logStreamNamePrefix cannot be given together');
  const missing = logStreamNames?.find((name: string) => !store.stream(group, name));
  if (missing !== undefined) throw notFound('log stream');
  return (
    logStreamNames ??
    store
      .streamsOf(group)
      .map(({ name }) => name)
      .filter((name) => name.startsWith(prefix))
  );
}
