import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';

export interface LogGroup {
  readonly name: string;
  readonly creationTime: number;
  readonly retentionInDays?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogStream {
  readonly group: string;
  readonly name: string;
  readonly creationTime: number;
}

/** One event. Times in milliseconds since the epoch; ids rise in the order of arrival. */
export interface LogEvent {
  readonly id: number;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

/** What one PutLogEvents brought; stored as one value, because a line must cost next to nothing. */
interface Batch {
  readonly group: string;
  readonly stream: string;
  readonly bytes: number;
  readonly events: readonly LogEvent[];
}

const eventOverheadBytes = 26;
const dayMilliseconds = 24 * 60 * 60 * 1000;
/** What all events may take: where more comes, the oldest go. */
const defaultMaxBytes = 64 * 1024 * 1024;

/** Groups, streams and events, bounded in size. */
export class LogStore {
  readonly groups: Collection<LogGroup>;
  readonly #streams: Collection<LogStream>;
  readonly #batches: Collection<Batch>;
  readonly #cloud: Cloud;
  readonly #maxBytes: number;
  /** Keys of batches by stream key, oldest first. */
  readonly #keys = new Map<string, string[]>();
  #bytes = 0;
  #nextId = 1;

  constructor(cloud: Cloud, maxBytes = defaultMaxBytes) {
    this.#cloud = cloud;
    this.#maxBytes = maxBytes;
    this.groups = cloud.store.collection('logs.groups');
    this.#streams = cloud.store.collection('logs.streams');
    this.#batches = cloud.store.collection('logs.batches');
    for (const [key, batch] of this.#batches.entries()) this.#index(key, batch);
  }

  streamsOf(group: string): LogStream[] {
    return [...this.#streams.values()].filter((stream) => stream.group === group);
  }

  stream(group: string, name: string): LogStream | undefined {
    return this.#streams.get(streamKey(group, name));
  }

  addStream(stream: LogStream): void {
    this.#streams.set(streamKey(stream.group, stream.name), stream);
  }

  deleteStream(group: string, name: string): void {
    const key = streamKey(group, name);
    for (const batch of this.#keys.get(key) ?? []) this.#drop(batch);
    this.#keys.delete(key);
    this.#streams.delete(key);
  }

  deleteGroup(name: string): void {
    for (const stream of this.streamsOf(name)) this.deleteStream(name, stream.name);
    this.groups.delete(name);
  }

  append(group: string, stream: string, events: readonly { timestamp: number; message: string }[]): void {
    const ingestionTime = this.#cloud.clock.now();
    let bytes = 0;
    const stored = events.map(({ timestamp, message }) => {
      bytes += Buffer.byteLength(message) + eventOverheadBytes;
      return { id: this.#nextId++, timestamp, ingestionTime, message };
    });
    const batch = { group, stream, bytes, events: stored };
    // Padded, so that the order of keys is the order of arrival.
    const key = String(stored[0]!.id).padStart(16, '0');
    this.#batches.set(key, batch);
    this.#index(key, batch);
    while (this.#bytes > this.#maxBytes && this.#batches.size > 1) this.#dropOldest();
  }

  /** The events of a stream by time, without those past the group's retention. */
  events(group: string, stream: string): LogEvent[] {
    const days = this.groups.get(group)?.retentionInDays;
    const oldest = days === undefined ? 0 : this.#cloud.clock.now() - days * dayMilliseconds;
    const keys = this.#keys.get(streamKey(group, stream)) ?? [];
    return keys
      .flatMap((key) => this.#batches.get(key)!.events)
      .filter(({ timestamp }) => timestamp >= oldest)
      .sort((left, right) => left.timestamp - right.timestamp || left.id - right.id);
  }

  storedBytes(group: string): number {
    let bytes = 0;
    for (const batch of this.#batches.values()) if (batch.group === group) bytes += batch.bytes;
    return bytes;
  }

  #index(key: string, batch: Batch): void {
    const stream = streamKey(batch.group, batch.stream);
    const keys = this.#keys.get(stream);
    if (keys) keys.push(key);
    else this.#keys.set(stream, [key]);
    this.#bytes += batch.bytes;
    this.#nextId = Math.max(this.#nextId, batch.events.at(-1)!.id + 1);
  }

  #dropOldest(): void {
    const [key, batch] = this.#batches.entries().next().value!;
    this.#keys.get(streamKey(batch.group, batch.stream))!.shift();
    this.#drop(key);
  }

  #drop(key: string): void {
    this.#bytes -= this.#batches.get(key)!.bytes;
    this.#batches.delete(key);
  }
}

/** Neither name can hold this separator. */
function streamKey(group: string, stream: string): string {
  return `${group}:${stream}`;
}
