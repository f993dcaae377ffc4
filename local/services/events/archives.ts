import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import type { BusEvent } from './bus-event.ts';
import { matchesPattern } from './pattern.ts';
import { alreadyExists, notFound } from './state.ts';

export interface Archive {
  readonly name: string;
  /** The bus whose events it keeps. */
  readonly bus: string;
  readonly description?: string;
  readonly pattern?: string;
  /** 0 keeps events for ever. */
  readonly retentionDays: number;
  readonly createdAt: number;
}

/** An event as it was archived, and when it came, in milliseconds. */
interface Kept {
  readonly archive: string;
  readonly at: number;
  readonly event: BusEvent;
}

const dayMilliseconds = 86_400_000;

/** Archives and the events in them. */
export class Archives {
  readonly #archives: Collection<Archive>;
  readonly #kept: Collection<Kept>;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#archives = cloud.store.collection('events.archives');
    this.#kept = cloud.store.collection('events.archived');
  }

  get(name: string): Archive {
    const archive = this.#archives.get(name);
    if (!archive) throw notFound(`Archive ${name} does not exist.`);
    return archive;
  }

  all(): Archive[] {
    return [...this.#archives.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  create(archive: Archive): void {
    if (this.#archives.has(archive.name)) throw alreadyExists(`Archive ${archive.name} already exists.`);
    this.#archives.set(archive.name, archive);
  }

  update(archive: Archive): void {
    this.#archives.set(archive.name, archive);
  }

  delete(name: string): void {
    this.get(name);
    for (const [key, kept] of this.#kept.entries()) if (kept.archive === name) this.#kept.delete(key);
    this.#archives.delete(name);
  }

  /** Keeps an event in every archive of its bus that wants it. What comes out of an archive does not go in again. */
  keep(bus: string, event: BusEvent): void {
    if (event['replay-name'] !== undefined) return;
    const at = this.#cloud.clock.now();
    for (const archive of this.#archives.values()) {
      if (archive.bus !== bus || (archive.pattern !== undefined && !matchesPattern(archive.pattern, event))) continue;
      this.#dropOld(archive, at);
      this.#kept.set(`${archive.name}/${event.id}`, { archive: archive.name, at, event });
    }
  }

  /** The events that came from `start` until before `end` (milliseconds), oldest first. */
  eventsBetween(name: string, start: number, end: number): Kept[] {
    this.#dropOld(this.get(name), this.#cloud.clock.now());
    const kept = [...this.#kept.values()].filter(({ archive, at }) => archive === name && at >= start && at < end);
    return kept.sort((a, b) => a.at - b.at);
  }

  size(name: string): { events: number; bytes: number } {
    const kept = this.eventsBetween(name, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    return {
      events: kept.length,
      bytes: kept.reduce((sum, { event }) => sum + Buffer.byteLength(JSON.stringify(event)), 0),
    };
  }

  /** Events were kept in the order in which they came, so the first that is young enough ends the search. */
  #dropOld(archive: Archive, now: number): void {
    if (archive.retentionDays === 0) return;
    const oldest = now - archive.retentionDays * dayMilliseconds;
    for (const [key, kept] of this.#kept.entries()) {
      if (kept.at >= oldest) return;
      if (kept.archive === archive.name) this.#kept.delete(key);
    }
  }
}
