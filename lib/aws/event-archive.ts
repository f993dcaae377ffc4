import { canonicalJson } from '../core/canonical-json.ts';
import type { Clock } from '../core/clock.ts';
import { concurrently } from '../core/concurrently.ts';
import { minute, second } from '../core/durations.ts';
import { failureNotes } from '../runtime/error-log/failure-notes.ts';
import { archivedEvents, archivedKeys, type EventQuery } from '../runtime/events/archive.ts';
import { type EventType, eventCatalogue } from '../runtime/events/catalogue.ts';
import type { CloudEvent } from '../runtime/events/cloud-event.ts';
import { storedRun } from '../runtime/events/events-of-run.ts';
import { Rebuilding, type RebuiltState } from '../runtime/events/rebuild.ts';
import type { Audit } from '../runtime/ports/audit.ts';
import type { Circuits } from '../runtime/ports/circuits.ts';
import type { ErrorLog } from '../runtime/ports/error-log.ts';
import type { ObjectStore } from '../runtime/ports/object-store.ts';
import type { RunRecord, RunStore } from '../runtime/ports/run-store.ts';

export type { CloudEvent, EventQuery, EventType };

/** Types of events, as the catalogue has them. */
export const eventTypes = Object.keys(eventCatalogue) as readonly EventType[];

/** An event may be archived this much later than it happened, and is not missed by who follows. */
const lateness = minute;

const eventsAtOnce = 256;

/** Events that take longer ring the alarm of the function that tells them. */
const longestWay = 15 * minute;

export interface EventSurroundings {
  readonly objects: ObjectStore;
  readonly runs: RunStore;
  readonly errorLog: ErrorLog;
  readonly circuits: Pick<Circuits, 'restore'>;
  readonly audit: Pick<Audit, 'add'>;
  readonly clock: Clock;
}

/** What was put back: ids of runs, and systems whose circuits it was. */
export interface Restored {
  readonly runs: readonly string[];
  readonly circuits: readonly string[];
  /** How many reasons the error log has now. */
  readonly errors: number;
}

/** How the run table and the archive stand to each other, by ids of runs. */
export interface ArchiveComparison {
  readonly same: number;
  /** Changed within the last quarter of an hour, and the archive does not have that yet: events are on their way. */
  readonly underWay: readonly string[];
  /** Both have it, and they differ: one of the two is behind. */
  readonly different: readonly string[];
  /** Only the archive has it. */
  readonly missing: readonly string[];
}

/** The archive of events in the lake, for commands. */
export class EventArchive {
  readonly #own: EventSurroundings;

  constructor(surroundings: EventSurroundings) {
    this.#own = surroundings;
  }

  /** The newest events that fit, oldest first. */
  async list({
    limit,
    ...query
  }: Omit<EventQuery, 'until'> & { readonly limit: number }): Promise<readonly CloudEvent[]> {
    const keys: string[] = [];
    const until = this.#own.clock.now() + lateness;
    const since = Math.max(query.since, await this.#first());
    for await (const key of archivedKeys(this.#own, { ...query, since, until })) {
      keys.push(key);
      if (keys.length > 2 * limit) keys.splice(0, keys.length - limit);
    }
    return archivedEvents(this.#own, keys.slice(-limit));
  }

  /** The newest events that fit, and then those that come, until `signal` is aborted. */
  async *follow(
    { limit, ...query }: Omit<EventQuery, 'until'> & { readonly limit: number },
    signal: AbortSignal,
  ): AsyncIterable<CloudEvent> {
    const { clock } = this.#own;
    let shown: ReadonlySet<string> | undefined;
    let since = Math.max(query.since, await this.#first());
    while (!signal.aborted) {
      const until = clock.now() + lateness;
      const keys = await Array.fromAsync(archivedKeys(this.#own, { ...query, since, until }));
      const news = shown ? keys.filter((key) => !shown!.has(key)) : keys.slice(-limit);
      yield* await archivedEvents(this.#own, news);
      shown = new Set(keys);
      since = Math.max(since, clock.now() - lateness);
      await clock.sleep(second, signal).catch(() => undefined);
    }
  }

  /** Holds the run table against what the archive says. */
  async compare(): Promise<ArchiveComparison> {
    const rebuilt = [...(await this.#rebuilt()).runs.values()];
    const outcomes = await concurrently(rebuilt, 16, async (record) => {
      const own = await this.#own.runs.find(record.run);
      if (!own) return 'missing';
      if (canonicalJson(storedRun(own)) === canonicalJson(record)) return 'same';
      return this.#isUnderWay(own, record) ? 'underWay' : 'different';
    });
    const of = (outcome: string) => rebuilt.filter((_, index) => outcomes[index] === outcome).map(({ run }) => run);
    const [underWay, different, missing] = [of('underWay'), of('different'), of('missing')];
    return { same: of('same').length, underWay, different, missing };
  }

  /** Whoever is told of a change is told of all before it, in order. */
  #isUnderWay({ transitions }: RunRecord, archived: RunRecord): boolean {
    const ahead = transitions.length - archived.transitions.length;
    return ahead > 0 && this.#own.clock.now() - transitions.at(-ahead)!.at < longestWay;
  }

  /**
   * Puts back the records of runs and the circuits that only the archive has, and what the error log lacks. What exists is
   * left as it is. The audit says of each pipeline that the archive tells of who did it.
   */
  async restore({ by }: { readonly by: string }): Promise<Restored> {
    const { runs, circuits, errorLog } = this.#own;
    const back = new Map<string, { runs: string[]; circuits: string[] }>();
    // Noted before the first change of a pipeline: who is cut off behind it leaves this.
    const of = async (pipeline: string) => {
      const known = back.get(pipeline);
      if (known) return known;
      const made = { runs: [], circuits: [] };
      back.set(pipeline, made);
      await this.#note(by, pipeline, { outcome: 'begun' });
      return made;
    };
    const rebuilt = await this.#rebuilt(async (event) => {
      for (const note of failureNotes([event])) {
        await of(note.pipeline);
        await errorLog.note(note);
      }
    });
    for (const record of rebuilt.runs.values()) {
      const own = await of(record.pipeline);
      if ((await runs.create(record)) === 'created') own.runs.push(record.run);
    }
    for (const circuit of rebuilt.circuits.values()) {
      const own = await of(circuit.pipeline);
      if (await circuits.restore(circuit)) own.circuits.push(circuit.system);
    }
    for (const [pipeline, own] of back)
      await this.#note(by, pipeline, { outcome: 'done', runs: own.runs.length, circuits: own.circuits });
    const all = [...back.values()];
    return {
      runs: all.flatMap((one) => one.runs),
      circuits: all.flatMap((one) => one.circuits),
      errors: (await errorLog.patterns()).length,
    };
  }

  #note(by: string, pipeline: string, detail: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#own.audit.add({ at: this.#own.clock.now(), by, action: 'restore', pipeline, detail });
  }

  /** @param each is told of every event before it is forgotten */
  async #rebuilt(each: (event: CloudEvent) => Promise<void> = async () => {}): Promise<RebuiltState> {
    const rebuilding = new Rebuilding();
    for await (const event of this.#events()) {
      rebuilding.take(event);
      await each(event);
    }
    return rebuilding.state();
  }

  /** All events, a few at a time: an archive may hold more than memory does. */
  async *#events(): AsyncIterable<CloudEvent> {
    const all = { since: await this.#first(), until: this.#own.clock.now() + lateness };
    let keys: string[] = [];
    for await (const key of archivedKeys(this.#own, all)) {
      keys.push(key);
      if (keys.length < eventsAtOnce) continue;
      yield* await archivedEvents(this.#own, keys);
      keys = [];
    }
    yield* await archivedEvents(this.#own, keys);
  }

  /** When the archive begins: days before then need not be looked through. */
  async #first(): Promise<number> {
    for await (const { key } of this.#own.objects.list('events/')) return Date.parse(key.split('/')[1]!);
    return this.#own.clock.now() - lateness;
  }
}
