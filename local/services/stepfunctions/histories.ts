import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { HistoryEvent } from '../../states/history.ts';
import type { JsonObject } from '../../states/json.ts';
import type { Collection, Store } from '../../store.ts';

/** An event as it is kept: type, milliseconds, id of the event before, details. Its own id is its place. */
type KeptEvent = readonly [string, number, number, JsonObject?];

/** Events that follow each other; of an execution that has ended as deflated JSON in base64, a tenth of the size. */
type Chunk = readonly KeptEvent[] | string;

const chunkEvents = 512;
const packedEvents = 2048;

/**
 * Histories, kept in chunks. Events wait in memory until `flush`; texts that several events show (a state's output and
 * the next one's input) are one string. What an execution left in many small chunks is packed when it has ended.
 */
export class Histories {
  readonly #store: Store;
  readonly #chunks: Collection<Chunk>;
  readonly #waiting = new Map<string, { first: number; events: KeptEvent[] }>();
  /** The history that was read last: whoever reads one page mostly wants the next. */
  #recent: { arn: string; events: readonly HistoryEvent[] } | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#chunks = store.collection('states.histories');
  }

  append(arn: string, event: HistoryEvent): void {
    let waiting = this.#waiting.get(arn);
    if (!waiting) {
      waiting = { first: event.id, events: [] };
      this.#waiting.set(arn, waiting);
      this.#forget(arn);
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

  /** Keeps what waits, and all of it in little space: the execution has ended. */
  pack(arn: string): void {
    const waiting = this.#waiting.get(arn);
    const kept = [...this.#kept(arn)];
    const events = [...kept.flatMap(([, chunk]) => unpacked(chunk)), ...(waiting?.events ?? [])];
    this.#store.transaction(() => {
      this.#waiting.delete(arn);
      for (const [key] of kept) this.#chunks.delete(key);
      for (let first = 0; first < events.length; first += packedEvents) {
        this.#chunks.set(`${arn}#${first + 1}`, packed(events.slice(first, first + packedEvents)));
      }
    });
  }

  /** Cuts a history off after `lastId`: what came later was never part of a checkpoint. */
  truncate(arn: string, lastId: number): void {
    this.discard(arn);
    let first = 1;
    for (const [key, chunk] of [...this.#kept(arn)]) {
      const events = unpacked(chunk);
      const kept = Math.max(0, lastId - first + 1);
      if (kept === 0) this.#chunks.delete(key);
      else if (kept < events.length) this.#chunks.set(key, events.slice(0, kept));
      first += events.length;
    }
  }

  /** Forgets what waits: it never happened, as far as a restart is concerned. */
  discard(arn: string): void {
    this.#waiting.delete(arn);
    this.#forget(arn);
  }

  read(arn: string): readonly HistoryEvent[] {
    if (this.#recent?.arn === arn) return this.#recent.events;
    const waiting = this.#waiting.get(arn);
    const kept = [...this.#kept(arn)].flatMap(([, chunk]) => unpacked(chunk));
    const events = [...kept, ...(waiting?.events ?? [])].map(shown);
    if (!waiting) this.#recent = { arn, events };
    return events;
  }

  #forget(arn: string): void {
    if (this.#recent?.arn === arn) this.#recent = undefined;
  }

  *#kept(arn: string): Generator<[string, Chunk]> {
    for (let first = 1; ; ) {
      const key = `${arn}#${first}`;
      const chunk = this.#chunks.get(key);
      if (chunk === undefined) return;
      yield [key, chunk];
      first += unpacked(chunk).length;
    }
  }
}

function shown([type, timestamp, previousEventId, details]: KeptEvent, index: number): HistoryEvent {
  const event = { id: index + 1, type, timestamp, previousEventId };
  return details ? { ...event, details } : event;
}

const packed = (events: readonly KeptEvent[]) =>
  deflateRawSync(JSON.stringify(events), { level: 1 }).toString('base64');

function unpacked(chunk: Chunk): readonly KeptEvent[] {
  if (typeof chunk !== 'string') return chunk;
  return JSON.parse(inflateRawSync(Buffer.from(chunk, 'base64')).toString());
}
