import type { Cloud, Operation } from '../../../service.ts';
import { findGroup, groupArn } from '../find-group.ts';
import { alreadyExists, invalid, knownInput, notFound } from '../known-input.ts';
import type { LogStore, LogStream } from '../log-store.ts';
import { paginate } from '../paginate.ts';

export function streamOperations(cloud: Cloud, store: LogStore): Record<string, Operation> {
  return {
    async CreateLogStream(input) {
      knownInput('CreateLogStream', input, ['logGroupName', 'logStreamName']);
      const { name: group } = findGroup(store, input);
      const name = input.logStreamName ?? '';
      if (!/^[^:*]{1,512}$/.test(name)) throw invalid(`a log stream's name has no ":" or "*", got "${name}"`);
      if (store.stream(group, name)) throw alreadyExists('log stream');
      store.addStream({ group, name, creationTime: cloud.clock.now() });
    },

    async DeleteLogStream(input) {
      knownInput('DeleteLogStream', input, ['logGroupName', 'logStreamName']);
      const { name: group } = findGroup(store, input);
      if (!store.stream(group, input.logStreamName)) throw notFound('log stream');
      store.deleteStream(group, input.logStreamName);
    },

    async DescribeLogStreams(input) {
      knownInput('DescribeLogStreams', input, [
        'logGroupName',
        'logGroupIdentifier',
        'logStreamNamePrefix',
        'orderBy',
        'descending',
        'limit',
        'nextToken',
      ]);
      const { logStreamNamePrefix: prefix = '', orderBy = 'LogStreamName' } = input;
      if (orderBy === 'LastEventTime' && prefix !== '')
        throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
      const { name: group } = findGroup(store, input);
      const streams = store
        .streamsOf(group)
        .filter(({ name }) => name.startsWith(prefix))
        .map((stream) => printedStream(stream));
      streams.sort((left, right) =>
        orderBy === 'LastEventTime'
          ? (left.lastEventTimestamp ?? 0) - (right.lastEventTimestamp ?? 0)
          : left.logStreamName < right.logStreamName
            ? -1
            : 1,
      );
      if (input.descending) streams.reverse();
      const { page, nextToken } = paginate(streams, input);
      return { logStreams: page, nextToken };
    },
  };

  function printedStream({ group, name, creationTime }: LogStream) {
    const events = store.events(group, name);
    const last = events.at(-1);
    return {
      logStreamName: name,
      creationTime,
      arn: `${groupArn(cloud, group)}:log-stream:${name}`,
      storedBytes: 0,
      ...(last && {
        firstEventTimestamp: events[0]!.timestamp,
        lastEventTimestamp: last.timestamp,
        lastIngestionTime: last.ingestionTime,
        uploadSequenceToken: String(last.id),
      }),
    };
  }
}
