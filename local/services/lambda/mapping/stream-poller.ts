import { randomUUID } from 'node:crypto';
import type { CallContext } from '../../../service.ts';
import { waitForRecords } from '../../dynamodb/streams/wait-for-records.ts';
import { assumeRole } from '../assume-role.ts';
import type { LambdaCore } from '../core.ts';
import { findVersion } from '../find-function.ts';
import { functionReference } from '../function-reference.ts';
import type { MappingRecord } from '../state.ts';
import type { Poller, Polling } from './event-source.ts';
import { StreamBatch } from './stream-batch.ts';
import { type StreamEvent, type StreamRecord, streamEvent } from './stream-event.ts';
import { streamPositions } from './stream-positions.ts';

const recordsPerRead = 1000;
const maxBatchBytes = 6 * 1024 * 1024;
/** AWS asks each shard four times a second: what is written meanwhile comes in one batch. */
const betweenReadsMilliseconds = 250;
const firstBackOffMilliseconds = 200;
const longestBackOffMilliseconds = 30_000;

interface Read {
  readonly records: StreamEvent[];
  /** Where to read on; undefined at the end of a stream that was turned off. */
  readonly next: string | undefined;
}

/** Reads one stream in order and hands its records to a function, batch after batch. */
export class StreamPoller implements Poller {
  readonly #core: LambdaCore;
  readonly #mapping: MappingRecord;
  readonly #report: Polling['report'];
  readonly #stopped = new AbortController();
  readonly #done: Promise<void>;
  #shardId = '';

  constructor(core: LambdaCore, mapping: MappingRecord, { report, previous }: Polling) {
    this.#core = core;
    this.#mapping = mapping;
    this.#report = report;
    // Two that read one shard at a time would hand its records out twice, and out of order.
    this.#done = previous.then(() => this.#poll());
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the event source mapping has stopped'));
    await this.#done;
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopped;
    let backOff = firstBackOffMilliseconds;
    let iterator: string | undefined;
    while (!signal.aborted) {
      try {
        iterator ??= await this.#begin();
        const { records, next } = await this.#readBatch(iterator);
        if (signal.aborted) return;
        if (records.length > 0) {
          // Where the stream has more, it is read on.
          const rested = records.length < this.#mapping.BatchSize ? this.#rest() : undefined;
          await new StreamBatch({
            core: this.#core,
            mapping: this.#mapping,
            shardId: this.#shardId,
            signal,
            report: this.#report,
            done: (sequence) => this.#moveTo(sequence),
          }).handle(records);
          await rested;
        }
        backOff = firstBackOffMilliseconds;
        if (next === undefined) return;
        iterator = next;
      } catch (error) {
        if (signal.aborted) return;
        this.#report(`PROBLEM: ${(error as Error).message}`);
        iterator = undefined;
        await this.#core.cloud.clock.sleep(backOff, signal).catch(() => undefined);
        backOff = Math.min(backOff * 2, longestBackOffMilliseconds);
      }
    }
  }

  /** Until the shard may be read again. Who drives the time of a test would have to pass this as well, and waits for nothing. */
  #rest(): Promise<void> | undefined {
    const { clock } = this.#core.cloud;
    if (clock.whenPassed) return undefined;
    return clock.sleep(betweenReadsMilliseconds, this.#stopped.signal).catch(() => undefined);
  }

  /** An iterator behind what is done with; for a new mapping, at its starting position. */
  async #begin(): Promise<string> {
    const { EventSourceArn: StreamArn, UUID, StartingPosition } = this.#mapping;
    const { StreamDescription } = await this.#call('DescribeStream', { StreamArn });
    const { ShardId } = StreamDescription.Shards[0];
    this.#shardId = ShardId;
    const known = streamPositions(this.#core.cloud).get(UUID);
    const where =
      known?.sequence !== undefined
        ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: known.sequence }
        : { ShardIteratorType: known ? 'TRIM_HORIZON' : StartingPosition };
    const { ShardIterator } = await this.#call('GetShardIterator', { StreamArn, ShardId, ...where });
    if (!known) streamPositions(this.#core.cloud).set(UUID, { since: this.#core.cloud.clock.now() });
    return ShardIterator;
  }

  #moveTo(sequence: string): void {
    const positions = streamPositions(this.#core.cloud);
    const before = positions.get(this.#mapping.UUID);
    // A mapping that was deleted meanwhile has no position any more.
    if (before) positions.set(this.#mapping.UUID, { ...before, sequence });
  }

  /** One batch: as many records as it takes, or as have come by the end of the batching window. */
  async #readBatch(iterator: string): Promise<Read> {
    const { BatchSize, MaximumBatchingWindowInSeconds: window = 0 } = this.#mapping;
    const { clock } = this.#core.cloud;
    const { signal } = this.#stopped;
    const first = await this.#readOnce(iterator, BatchSize, signal);
    const records = [...first.records];
    let { next } = first;
    const over = new AbortController();
    const timer = window > 0 ? clock.after(window * 1000, () => over.abort()) : over.abort();
    let bytes = size(records);
    let mayGoOn = records.length > 0 && (window > 0 || first.records.length === recordsPerRead);
    while (mayGoOn && next !== undefined && records.length < BatchSize && bytes < maxBatchBytes) {
      const more = await this.#readOnce(next, BatchSize - records.length, AbortSignal.any([signal, over.signal]));
      records.push(...more.records);
      bytes += size(more.records);
      next = more.next;
      mayGoOn = more.records.length > 0 || !(over.signal.aborted || signal.aborted);
    }
    timer?.cancel();
    return { records, next };
  }

  /** Waits for records until `wait` is aborted. */
  async #readOnce(ShardIterator: string, count: number, wait: AbortSignal): Promise<Read> {
    const input = { ShardIterator, Limit: Math.min(count, recordsPerRead), [waitForRecords]: true };
    const { Records, NextShardIterator } = await this.#call('GetRecords', input, wait);
    const records = (Records as StreamRecord[]).map((record) => streamEvent(record, this.#mapping.EventSourceArn));
    return { records: records.filter((record) => this.#isWanted(record)), next: NextShardIterator };
  }

  /** After a restart a mapping that began at LATEST, and has no position yet, meets records from before its time. */
  #isWanted(record: StreamEvent): boolean {
    const known = streamPositions(this.#core.cloud).get(this.#mapping.UUID);
    if (this.#mapping.StartingPosition !== 'LATEST' || !known || known.sequence !== undefined) return true;
    return record.dynamodb.ApproximateCreationDateTime >= Math.floor(known.since / 1000);
  }

  #call(operation: string, input: object, signal = this.#stopped.signal): Promise<any> {
    const version = findVersion(this.#core, functionReference(this.#mapping.FunctionArn));
    const principal = assumeRole(this.#core.cloud, version);
    const context: CallContext = { principal, requestId: randomUUID(), signal };
    return this.#core.cloud.call('dynamodb', operation, input, context);
  }
}

const size = (records: readonly StreamEvent[]) => records.reduce((sum, { dynamodb }) => sum + dynamodb.SizeBytes, 0);
