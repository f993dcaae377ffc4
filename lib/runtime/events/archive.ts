import { concurrently } from '../../core/concurrently.ts';
import { day } from '../../core/durations.ts';
import type { Ports } from '../ports/ports.ts';
import type { EventType } from './catalogue.ts';
import type { CloudEvent } from './cloud-event.ts';

/** Zone of the lake that holds every event. */
export const archiveZone = 'events/';

const atOnce = 16;

export interface EventQuery {
  readonly pipeline?: string;
  readonly type?: EventType;
  /** Milliseconds since the epoch; events from then on. */
  readonly since: number;
  /** Milliseconds since the epoch; events before then. */
  readonly until: number;
}

/** Keeps an event for ever, once. Its key tells the time first, then what readers choose by. */
export async function archive({ objects }: Pick<Ports, 'objects'>, event: CloudEvent): Promise<void> {
  await objects.createText(keyOf(event), JSON.stringify(event));
}

/** Keys of archived events, oldest first. Events of one moment stand in the order of their types. */
export async function* archivedKeys({ objects }: Pick<Ports, 'objects'>, query: EventQuery): AsyncIterable<string> {
  const first = Math.floor(query.since / day) * day;
  for (let date = first; date < query.until; date += day) {
    for await (const { key } of objects.list(`${archiveZone}${new Date(date).toISOString().slice(0, 10)}/`)) {
      if (fits(key, query)) yield key;
    }
  }
}

/** The events under these keys, in their order. */
export async function archivedEvents(
  { objects }: Pick<Ports, 'objects'>,
  keys: readonly string[],
): Promise<readonly CloudEvent[]> {
  const texts = await concurrently(keys, atOnce, (key) => objects.readText(key));
  return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as CloudEvent]));
}

/** `~` stands in no name, and behind all characters of names. */
function keyOf({ time, pipeline, type, id }: CloudEvent): string {
  return `${archiveZone}${time.slice(0, 10)}/${time.slice(11)}~${pipeline}~${type}~${id}.json`;
}

function fits(key: string, { pipeline, type, since, until }: EventQuery): boolean {
  const [date, name] = key.slice(archiveZone.length).split('/') as [string, string];
  const [time, ofPipeline, ofType] = name.split('~') as [string, string, string];
  const at = Date.parse(`${date}T${time}`);
  return at >= since && at < until && (pipeline ?? ofPipeline) === ofPipeline && (type ?? ofType) === ofType;
}
