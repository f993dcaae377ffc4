import type { HistoryEvent } from '../../states/history.ts';
import type { JsonObject } from '../../states/json.ts';
import type { Collection, Store } from '../../store.ts';

/** An event as it is kept: type, milliseconds, id of the event before, details. Its own id is its place. */
type KeptEvent = readonly [string, number, number, JsonObject?];

const chunkEvents = 512;

/**
 * Histories, kept in chunks that are only ever added. Events wait in memory until `flush`; texts that several events show
 * (a state's output and the next one's input) are one string.
 */
export class Histories {
  readonly #chunks: Collection<readonly KeptEvent[]>;
  readonly #waiting = new Map<string, { first: number; events: KeptEvent[] }>();

  constructor(store: Store) {
    this.#chunks = store.collection('states.histories');
  }

  append(arn: string, event: HistoryEvent): void {
    let waiting = this.#waiting.get(arn);
    if (!waiting) {
      waiting = { first: event.id, events: [] };
      this.#waiting.set(arn, waiting);
    }
    const { type, timestamp, previousEventId, details } = event;
    waiting.events.push(details ? [type, timestamp, previousEventId, details] : [type, timestamp, previousEventId]);
    if (waiting.events.length >= chunkEvents) this.flush(arn);
  }

  /** Keeps what waits. */
  flush(arn: string): void {
    const waiting = this.#waiting.get(arn);
    if (!waiting) return;
    this.#waiting.delete(arn);
    this.#chunks.set(`${arn}#${waiting.first}`, waiting.events);
  }

  /** Cuts a history off after `lastId`: what came later was never part of a checkpoint. */
  truncate(arn: string, lastId: number): void {
    this.#waiting.delete(arn);
    for (let first = 1; ; ) {
      const key = `${arn}#${first}`;
      const chunk = this.#chunks.get(key);
      if (!chunk) return;
      const kept = Math.max(0, lastId - first + 1);
      if (kept === 0) this.#chunks.delete(key);
      else if (kept < chunk.length) this.#chunks.set(key, chunk.slice(0, kept));
      first += chunk.length;
    }
  }

  /** Forgets what waits: it never happened, as far as a restart is concerned. */
  discard(arn: string): void {
    this.#waiting.delete(arn);
  }

  read(arn: string): HistoryEvent[] {
    const events: HistoryEvent[] = [];
    const add = (kept: readonly KeptEvent[]) => {
      for (const [type, timestamp, previousEventId, details] of kept) {
        const event = { id: events.length + 1, type, timestamp, previousEventId };
        events.push(details ? { ...event, details } : event);
      }
    };
    for (;;) {
      const chunk = this.#chunks.get(`${arn}#${events.length + 1}`);
      if (!chunk) break;
      add(chunk);
    }
    const waiting = this.#waiting.get(arn);
    if (waiting) add(waiting.events);
    return events;
  }
}
