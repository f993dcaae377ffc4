import type { Clock } from '../../lib/core/clock.ts';
import type { JsonObject } from './json.ts';
import { AbortedError, StatesError } from './states-error.ts';

/** One event, as compact as it is kept: `details` is what AWS nests under the event type's own name. */
export interface HistoryEvent {
  readonly id: number;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly previousEventId: number;
  readonly details?: JsonObject;
}

/** AWS ends a standard execution whose history would grow beyond this. */
export const maxHistoryEvents = 25_000;

interface HistoryOptions {
  /** Events that the execution has already. Default 0. */
  readonly lastId?: number;
  /** Express executions have as many events as they like. */
  readonly express?: boolean;
}

/** Numbers events as they happen and hands them to whoever keeps them. */
export class History {
  #lastId: number;
  #ended = false;
  readonly #clock: Clock;
  readonly #keep: (event: HistoryEvent) => void;
  readonly #most: number;

  constructor(clock: Clock, keep: (event: HistoryEvent) => void, { lastId = 0, express }: HistoryOptions = {}) {
    this.#clock = clock;
    this.#keep = keep;
    this.#lastId = lastId;
    this.#most = express ? Number.POSITIVE_INFINITY : maxHistoryEvents;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Returns the event's id. The last place is kept free for the event that ends the execution. */
  record(type: string, previousEventId: number, details?: JsonObject): number {
    if (this.#ended) throw new AbortedError();
    if (this.#lastId >= this.#most - 1) {
      throw new StatesError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${this.#most}).`,
        {
          terminal: true,
        },
      );
    }
    return this.#add(type, previousEventId, details);
  }

  /** Records the event that ends the execution, for which there is always a place. What comes later is not told. */
  end(type: string, previousEventId: number, details?: JsonObject): number {
    this.#ended = true;
    return this.#add(type, previousEventId, details);
  }

  #add(type: string, previousEventId: number, details?: JsonObject): number {
    const id = ++this.#lastId;
    const event = { id, type, timestamp: this.#clock.now(), previousEventId };
    this.#keep(details ? { ...event, details } : event);
    return id;
  }
}
