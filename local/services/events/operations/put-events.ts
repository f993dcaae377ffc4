import { refuseUnknown } from '../../../requests/known-members.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { type BusEvent, newEvent } from '../bus-event.ts';
import { forwarded } from '../delivery/forwarded.ts';
import type { Router } from '../router.ts';
import { busName, type EventsState, invalid } from '../state.ts';

const maxEntries = 10;
const maxBytes = 1024 * 1024;
/** What AWS's JSON parser takes. */
const maxDepth = 1000;
const [openBracket, openBrace] = [0x5b, 0x7b];

type Result = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

/** PutEvents: an entry that is wrong fails alone; what is accepted is in the store before the answer. */
export function putEvents(cloud: Cloud, state: EventsState, router: Router): Operation {
  return async (input, context) => {
    refuseUnknown('events:PutEvents', input, ['Entries']);
    const entries: any[] = input.Entries ?? [];
    if (entries.length < 1 || entries.length > maxEntries) {
      const bound = entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${maxEntries}`;
      throw invalid(
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
      );
    }
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (bytes > maxBytes) throw invalid(`Total size of the entries in the request is over the limit.`);
    const service = context.principal.kind === 'service';
    const results: Result[] = cloud.store.transaction(() =>
      entries.map((entry) => {
        const problem = problemOf(entry, state, service);
        if (problem) return problem;
        const event: BusEvent = entry[forwarded] ?? eventOf(cloud, entry);
        router.route(busName(entry.EventBusName), event);
        return { EventId: event.id };
      }),
    );
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };
}

function eventOf(cloud: Cloud, entry: any): BusEvent {
  const time =
    entry.Time === undefined ? undefined : entry.Time instanceof Date ? entry.Time.getTime() : entry.Time * 1000;
  const content = { source: entry.Source, detailType: entry.DetailType, resources: entry.Resources, time };
  return newEvent(cloud, { ...content, detail: JSON.parse(entry.Detail) });
}

function problemOf(entry: any, state: EventsState, service: boolean): Result | undefined {
  refuseUnknown('events:PutEvents entry', entry, [
    'Time',
    'Source',
    'Resources',
    'DetailType',
    'Detail',
    'EventBusName',
    'TraceHeader',
  ]);
  for (const member of ['Source', 'DetailType', 'Detail']) {
    if (!entry[member]) {
      const ErrorMessage = `Parameter ${member} is not valid. Reason: ${member} is a required argument.`;
      return { ErrorCode: 'InvalidArgument', ErrorMessage };
    }
  }
  if (!service && !entry[forwarded] && entry.Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  if (!entry[forwarded] && !isJsonObject(entry.Detail))
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const bus = busName(entry.EventBusName);
  // AWS accepts the event and loses it; here the sender is told.
  if (!state.buses.has(bus))
    return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${bus} does not exist.` };
  return undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) && depth(text) <= maxDepth;
  } catch {
    return false;
  }
}

/** How deep the brackets of a valid JSON text nest, or a number above that where it is small anyway. */
function depth(text: string): number {
  // To tell brackets in strings from others takes as long as all else that is done with an event.
  const most = brackets(text);
  if (most <= maxDepth) return most;
  let deepest = 0;
  let open = 0;
  for (const [bracket] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (bracket === '[' || bracket === '{') deepest = Math.max(deepest, ++open);
    else if (bracket === ']' || bracket === '}') open--;
  }
  return deepest;
}

/** How many brackets open in a text. */
function brackets(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === openBracket || code === openBrace) count++;
  }
  return count;
}

/** AWS's own count: 14 for a time, and the UTF-8 of all texts. */
function entryBytes(entry: any): number {
  if (entry[forwarded]) return 0;
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), entry.Time === undefined ? 0 : 14);
}

/** An event of an AWS service, which goes to the default bus. */
export function deliverServiceEvent(cloud: Cloud, router: Router, event: any): void {
  const content = {
    id: event.id,
    source: event.source,
    detailType: event['detail-type'],
    resources: event.resources,
    detail: event.detail,
  };
  cloud.store.transaction(() => router.route('default', newEvent(cloud, content)));
}
