import type { Operation } from '../../../service.ts';
import { findGroup } from '../find-group.ts';
import { invalid, knownInput, notFound } from '../known-input.ts';
import type { LogEvent, LogStore } from '../log-store.ts';

const mostEvents = 10_000;
const mostBytes = 1_048_576;

/** Reads one stream page by page, forwards or backwards; at an end the token that came in goes out again. */
export const getLogEvents =
  (store: LogStore): Operation =>
  async (input) => {
    knownInput('GetLogEvents', input, [
      'logGroupName',
      'logGroupIdentifier',
      'logStreamName',
      'startTime',
      'endTime',
      'nextToken',
      'limit',
      'startFromHead',
      'unmask',
    ]);
    const { name: group } = findGroup(store, input);
    if (!store.stream(group, input.logStreamName)) throw notFound('log stream');
    const { startTime = 0, endTime = Number.POSITIVE_INFINITY, limit = mostEvents } = input;
    if (limit < 1 || limit > mostEvents) throw invalid(`limit must be from 1 to ${mostEvents}, got ${limit}`);
    const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    const all = store.events(group, input.logStreamName);
    const events = all.filter(
      (event) => event.timestamp >= startTime && event.timestamp < endTime && (!token || isBeyond(event, token)),
    );
    const forward = token ? token.direction === 'f' : input.startFromHead === true;
    const page = fitting(forward ? events : events.reverse(), limit);
    if (!forward) page.reverse();
    const [first, last] = [page[0], page.at(-1)];
    const edge = input.nextToken?.slice(1) ?? '/0/0';
    return {
      events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: last ? `f/${last.timestamp}/${last.id}` : `f${edge}`,
      nextBackwardToken: first ? `b/${first.timestamp}/${first.id}` : `b${edge}`,
    };
  };

interface Token {
  readonly direction: 'f' | 'b';
  readonly timestamp: number;
  readonly id: number;
}

function parseToken(text: string): Token {
  const [, direction, timestamp, id] = /^([fb])\/(\d+)\/(\d+)$/.exec(text) ?? [];
  if (!direction) throw invalid('The specified nextToken is invalid.');
  return { direction: direction as 'f' | 'b', timestamp: Number(timestamp), id: Number(id) };
}

function isBeyond(event: LogEvent, { direction, timestamp, id }: Token): boolean {
  const distance = event.timestamp - timestamp || event.id - id;
  return direction === 'f' ? distance > 0 : distance < 0;
}

function fitting(events: readonly LogEvent[], limit: number): LogEvent[] {
  const page: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(event.message);
    if (page.length === limit || (bytes > mostBytes && page.length > 0)) break;
    page.push(event);
  }
  return page;
}
