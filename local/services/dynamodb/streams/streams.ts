import type { Clock } from '../../../../lib/core/clock.ts';
import type { Cloud } from '../../../service.ts';
import type { Collection } from '../../../store.ts';
import type { CommitHook, ItemChange, WriteOrigin } from '../database.ts';
import type { Change, Level } from '../dynalite.ts';
import type { TableDescription, Tables } from '../tables.ts';
import { type StreamRecord, streamRecord } from './stream-record.ts';

/** A table's stream, from when it was turned on. Times are milliseconds since the epoch. */
export interface Stream {
  readonly arn: string;
  readonly table: string;
  readonly label: string;
  readonly viewType: string;
  readonly keySchema: TableDescription['KeySchema'];
  readonly createdAt: number;
  /** The last sequence number of a stream that was turned off. */
  readonly endedWith?: string;
  readonly endedAt?: number;
}

/** How long records are kept, as on AWS. */
const keptMilliseconds = 24 * 3_600_000;
const sequenceDigits = 21;

/** The streams of tables: every change of an item is committed together with its record, in one order for all readers. */
export class Streams implements CommitHook {
  readonly #level: Level;
  readonly #tables: Tables;
  readonly #clock: Clock;
  readonly #streams: Collection<Stream>;
  /** The next sequence number of every stream that has been written to. */
  readonly #next = new Map<string, bigint>();
  /** What is to be deleted one day, oldest first. */
  readonly #kept: { key: string; at: number }[] = [];
  /** Who waits for news of which stream. */
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(cloud: Cloud, level: Level, tables: Tables) {
    this.#level = level;
    this.#tables = tables;
    this.#clock = cloud.clock;
    this.#streams = cloud.store.collection('dynamodb.streams');
  }

  /** Learns of the records that an earlier process left. */
  async start(): Promise<void> {
    for (const { arn } of this.#streams.values()) {
      for await (const [key, record] of this.#level.iterator(within(arn))) {
        this.#kept.push({ key, at: record.at });
        this.#next.set(arn, BigInt(record.sequence) + 1n);
      }
    }
    this.#kept.sort((a, b) => a.at - b.at);
  }

  find(arn: string): Stream | undefined {
    const stream = this.#streams.get(arn);
    // A stream that ended is there for as long as its records are.
    return stream?.endedAt !== undefined && stream.endedAt < this.#clock.now() - keptMilliseconds ? undefined : stream;
  }

  all(): Stream[] {
    return [...this.#streams.keys()].map((arn) => this.find(arn)).filter((stream) => stream !== undefined);
  }

  begin(table: TableDescription): void {
    const { LatestStreamArn: arn, LatestStreamLabel: label, StreamSpecification } = table;
    if (!arn || !StreamSpecification?.StreamViewType) return;
    this.#streams.set(arn, {
      arn,
      table: table.TableName,
      label,
      viewType: StreamSpecification.StreamViewType,
      keySchema: table.KeySchema,
      createdAt: this.#clock.now(),
    });
  }

  end(arn: string | undefined): void {
    const stream = arn === undefined ? undefined : this.#streams.get(arn);
    if (!stream || stream.endedAt !== undefined) return;
    const endedWith = shownSequence((this.#next.get(stream.arn) ?? 1n) - 1n);
    this.#streams.set(stream.arn, { ...stream, endedWith, endedAt: this.#clock.now() });
    this.#wake(stream.arn);
  }

  /** Readers go by sequence numbers, so a commit with a later number must not be seen before one with an earlier. */
  ordered(changes: readonly ItemChange[]): boolean {
    return changes.some(({ table }) => this.#activeStream(table) !== undefined);
  }

  before(changes: readonly ItemChange[], origin: WriteOrigin): readonly Change[] {
    const at = this.#clock.now();
    const written: Change[] = [];
    for (const change of changes) {
      const table = this.#tables.find(change.table)?.description;
      const arn = this.#activeStream(change.table);
      if (!table || arn === undefined) continue;
      const next = this.#next.get(arn) ?? 1n;
      const stamp = { at, sequence: shownSequence(next), origin };
      const record = streamRecord(table, table.StreamSpecification!.StreamViewType!, change, stamp);
      if (!record) continue;
      this.#next.set(arn, next + 1n);
      const key = recordKey(arn, record.sequence);
      this.#kept.push({ key, at });
      written.push({ type: 'put', key, value: record });
    }
    while (this.#kept[0] && this.#kept[0].at < at - keptMilliseconds)
      written.push({ type: 'del', key: this.#kept.shift()!.key });
    return written;
  }

  after(changes: readonly ItemChange[]): void {
    for (const table of new Set(changes.map((change) => change.table))) this.#wake(this.#activeStream(table));
  }

  /** Resolves at the next change of a stream or at its end, or when `signal` is aborted. */
  changed(arn: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(arn) ?? new Set();
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.set(arn, waiting.add(wake));
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
    });
  }

  /** Up to `limit` records after a sequence number, oldest first. */
  async read(arn: string, after: string, limit: number): Promise<StreamRecord[]> {
    const records: StreamRecord[] = [];
    const oldest = this.#clock.now() - keptMilliseconds;
    // The database works in threads that a virtual clock does not see, so it is told.
    const release = this.#clock.hold?.();
    try {
      for await (const [, record] of this.#level.iterator({ gt: recordKey(arn, after), lt: within(arn).lt })) {
        if (record.at < oldest) continue;
        records.push(record);
        if (records.length >= limit) break;
      }
      return records;
    } finally {
      release?.();
    }
  }

  /** The sequence number of the last record, or that before the first. */
  latest(arn: string): string {
    return shownSequence((this.#next.get(arn) ?? 1n) - 1n);
  }

  #wake(arn: string | undefined): void {
    for (const wake of this.#waiting.get(arn ?? '') ?? []) wake();
  }

  #activeStream(table: string): string | undefined {
    const description = this.#tables.find(table)?.description;
    return description?.StreamSpecification?.StreamEnabled ? description.LatestStreamArn : undefined;
  }
}

const shownSequence = (sequence: bigint) => String(sequence).padStart(sequenceDigits, '0');

const recordKey = (arn: string, sequence: string) => `stream~${arn}~${sequence}`;

const within = (arn: string) => ({ gte: `stream~${arn}~`, lt: `stream~${arn}~\xff` });
