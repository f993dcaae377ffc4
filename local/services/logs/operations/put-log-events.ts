import type { Cloud, Operation } from '../../../service.ts';
import { embeddedMetrics } from '../../cloudwatch/embedded-metrics.ts';
import { findGroup } from '../find-group.ts';
import { invalid, knownInput, notFound } from '../known-input.ts';
import type { LogStore } from '../log-store.ts';
import type { MetricFilters } from '../metric-filters.ts';

const maxEvents = 10_000;
const maxBatchBytes = 1_048_576;
const maxEventBytes = 1_048_576;
const eventOverheadBytes = 26;
const dayMilliseconds = 24 * 60 * 60 * 1000;
const oldestMilliseconds = 14 * dayMilliseconds;
const newestMilliseconds = 2 * 60 * 60 * 1000;

export const putLogEvents =
  (cloud: Cloud, store: LogStore, filters: MetricFilters): Operation =>
  async (input) => {
    // Sequence tokens have had no meaning at AWS since 2023.
    knownInput('PutLogEvents', input, ['logGroupName', 'logStreamName', 'logEvents', 'sequenceToken']);
    const { name: group } = findGroup(store, input);
    if (!store.stream(group, input.logStreamName)) throw notFound('log stream');
    const events: { timestamp: number; message: string }[] = input.logEvents ?? [];
    check(events);
    const now = cloud.clock.now();
    const tooOld = events.filter(({ timestamp }) => timestamp < now - oldestMilliseconds).length;
    const firstTooNew = events.findIndex(({ timestamp }) => timestamp > now + newestMilliseconds);
    const accepted = events.slice(tooOld, firstTooNew < 0 ? undefined : firstTooNew);
    if (accepted.length > 0) {
      store.append(group, input.logStreamName, accepted);
      filters.measure(group, accepted);
    }
    for (const { message } of accepted) for (const metric of embeddedMetrics(message)) cloud.measure(metric);
    const rejected = {
      ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
      ...(firstTooNew >= 0 && { tooNewLogEventStartIndex: firstTooNew }),
    };
    return Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {};
  };

function check(events: readonly { timestamp: number; message: string }[]): void {
  if (events.length < 1 || events.length > maxEvents)
    throw invalid(`logEvents holds 1 to ${maxEvents} events, got ${events.length}`);
  let bytes = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (const { timestamp, message } of events) {
    if (!Number.isInteger(timestamp) || timestamp < 0)
      throw invalid(`a timestamp is in milliseconds since the epoch, got ${timestamp}`);
    if (typeof message !== 'string' || message === '')
      throw invalid('a log event has a message of at least one character');
    if (timestamp < before) {
      throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
    }
    const size = Buffer.byteLength(message) + eventOverheadBytes;
    if (size > maxEventBytes) throw invalid(`Log event too large: ${size} bytes exceeds limit of ${maxEventBytes}`);
    bytes += size;
    before = timestamp;
  }
  if (bytes > maxBatchBytes) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${maxBatchBytes}`);
  if (before - events[0]!.timestamp > dayMilliseconds) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}
