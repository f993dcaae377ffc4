import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { ServiceUnavailableError } from '../core/errors/service-unavailable-error.ts';
import type { CloudEvent } from '../runtime/events/cloud-event.ts';
import type { Broadcast } from '../runtime/ports/broadcast.ts';
import { translateFailure } from './translate-failure.ts';

/** Source of every event of ours, as rules know it. */
const source = 'penstock';

/** PutEvents takes 10 entries and 256 KB at a time. */
const mostEntries = 10;
const mostBytes = 240 * 1024;

/** The platform's event bus. */
export class EventBridgeBroadcast implements Broadcast {
  readonly #client: EventBridgeClient;
  readonly #busName: string;

  constructor(client: EventBridgeClient, busName: string) {
    this.#client = client;
    this.#busName = busName;
  }

  async send(events: readonly CloudEvent[]): Promise<void> {
    for (const entries of batches(events.map((event) => this.#entryOf(event)))) await this.#put(entries);
  }

  #entryOf(event: CloudEvent): PutEventsRequestEntry {
    const whole = JSON.stringify(event);
    const { record: _, ...short } = event.data;
    return {
      EventBusName: this.#busName,
      Source: source,
      DetailType: event.type,
      Time: new Date(event.time),
      Detail: Buffer.byteLength(whole) <= mostBytes ? whole : JSON.stringify({ ...event, data: short }),
    };
  }

  async #put(Entries: PutEventsRequestEntry[]): Promise<void> {
    const answer = await translateFailure('events:PutEvents', () =>
      this.#client.send(new PutEventsCommand({ Entries })),
    );
    if (!answer.FailedEntryCount) return;
    const failed = (answer.Entries ?? []).flatMap(({ ErrorCode }, index) =>
      ErrorCode === undefined ? [] : [`${Entries[index]!.DetailType}: ${ErrorCode}`],
    );
    throw new ServiceUnavailableError({
      problem: 'the bus did not take all events',
      received: failed.join(', '),
      change: 'try again',
    });
  }
}

function batches(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const made: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const own = Buffer.byteLength(entry.Detail!) + 200;
    const open = made.at(-1);
    if (open && open.length < mostEntries && bytes + own <= mostBytes) {
      open.push(entry);
      bytes += own;
    } else {
      made.push([entry]);
      bytes = own;
    }
  }
  return made;
}
