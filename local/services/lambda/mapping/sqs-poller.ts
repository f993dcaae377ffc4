import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import type { CallContext, Principal } from '../../../service.ts';
import { assumeRole } from '../assume-role.ts';
import type { LambdaCore } from '../core.ts';
import { findQueue } from '../find-queue.ts';
import { functionReference } from '../function-reference.ts';
import { type InvocationResult, invokeVersion } from '../invocation/invoke-version.ts';
import type { MappingRecord } from '../state.ts';
import { failedItems } from './batch-failures.ts';
import type { Poller } from './event-source.ts';
import { matchesFilters } from './filter-criteria.ts';
import { type SqsMessage, type SqsRecord, sqsRecord } from './sqs-event.ts';

const longPollSeconds = 20;
const messagesPerReceive = 10;
const maxBatchBytes = 6 * 1024 * 1024;
const firstBackOffMilliseconds = 200;
const longestBackOffMilliseconds = 30_000;

/** Takes messages off one queue and hands them to a function in batches, so many at once as its scaling allows. */
export class SqsPoller implements Poller {
  readonly #core: LambdaCore;
  readonly #mapping: MappingRecord;
  readonly #report: (result: string) => void;
  readonly #stopped = new AbortController();
  readonly #batches = new Set<Promise<void>>();
  readonly #done: Promise<void>;
  #url: string | undefined;

  /** `report` takes what `LastProcessingResult` shall say. */
  constructor(core: LambdaCore, mapping: MappingRecord, report: (result: string) => void) {
    this.#core = core;
    this.#mapping = mapping;
    this.#report = report;
    this.#done = this.#poll();
  }

  /** Takes nothing more; resolves when the batches under way have ended. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the event source mapping has stopped'));
    await this.#done;
    await Promise.all(this.#batches);
  }

  async #poll(): Promise<void> {
    const { settings, cloud } = this.#core;
    const { signal } = this.#stopped;
    const atOnce = this.#mapping.ScalingConfig?.MaximumConcurrency ?? settings.batchesPerMapping;
    let backOff = firstBackOffMilliseconds;
    while (!signal.aborted) {
      try {
        // Messages are received only when they can be handled: while they waited here, their visibility would run out.
        if (this.#batches.size >= atOnce) await Promise.race(this.#batches);
        if (signal.aborted) return;
        const messages = await this.#receive();
        backOff = firstBackOffMilliseconds;
        if (messages.length > 0) this.#dispatch(messages);
      } catch (error) {
        if (signal.aborted) return;
        this.#report(`PROBLEM: ${(error as Error).message}`);
        await cloud.clock.sleep(backOff, signal).catch(() => undefined);
        backOff = Math.min(backOff * 2, longestBackOffMilliseconds);
      }
    }
  }

  /** One batch: as many messages as it takes, or as have come by the end of the batching window. */
  async #receive(): Promise<SqsMessage[]> {
    const { BatchSize, MaximumBatchingWindowInSeconds: window = 0 } = this.#mapping;
    const { clock } = this.#core.cloud;
    const messages = await this.#receiveOnce(Math.min(messagesPerReceive, BatchSize), longPollSeconds);
    const end = clock.now() + window * 1000;
    let bytes = size(messages);
    while (window > 0 && messages.length > 0 && messages.length < BatchSize && bytes < maxBatchBytes) {
      const left = Math.ceil((end - clock.now()) / 1000);
      if (left <= 0 || this.#stopped.signal.aborted) break;
      const more = await this.#receiveOnce(
        Math.min(messagesPerReceive, BatchSize - messages.length),
        Math.min(left, longPollSeconds),
      );
      messages.push(...more);
      bytes += size(more);
    }
    return messages;
  }

  async #receiveOnce(count: number, waitSeconds: number): Promise<SqsMessage[]> {
    const output = await this.#call('ReceiveMessage', {
      QueueUrl: await this.#queueUrl(),
      MaxNumberOfMessages: count,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return output.Messages ?? [];
  }

  #dispatch(messages: readonly SqsMessage[]): void {
    const batch = this.#handle(messages)
      .then(
        () => this.#report('OK'),
        (error) => {
          if (!this.#stopped.signal.aborted) this.#report(`PROBLEM: ${(error as Error).message}`);
        },
      )
      .finally(() => this.#batches.delete(batch));
    this.#batches.add(batch);
  }

  async #handle(messages: readonly SqsMessage[]): Promise<void> {
    const records = messages.map((message) => sqsRecord(message, this.#mapping.EventSourceArn));
    const wanted = records.filter((record) => matchesFilters(this.#mapping.FilterCriteria, withParsedBody(record)));
    const unwanted = records.filter((record) => !wanted.includes(record));
    if (unwanted.length > 0) await this.#delete(unwanted);
    if (wanted.length === 0) return;
    const result = await this.#invoke(wanted);
    // What failed becomes visible again when its time is over; nothing is to be done for it.
    if (!result || result.functionError) return;
    const partial = this.#mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures');
    const failed = partial
      ? failedItems(
          result.payload,
          wanted.map(({ messageId }) => messageId),
        )
      : [];
    await this.#delete(wanted.filter(({ messageId }) => !failed.includes(messageId)));
  }

  /** Throttled batches are tried again while their messages are theirs. Undefined when that time is over. */
  async #invoke(records: readonly SqsRecord[]): Promise<InvocationResult | undefined> {
    const { clock } = this.#core.cloud;
    const { Attributes } = await this.#call('GetQueueAttributes', {
      QueueUrl: await this.#queueUrl(),
      AttributeNames: ['VisibilityTimeout'],
    });
    const end = clock.now() + Number(Attributes.VisibilityTimeout) * 1000;
    const payload = Buffer.from(JSON.stringify({ Records: records }));
    for (let wait = firstBackOffMilliseconds; ; wait = Math.min(wait * 2, longestBackOffMilliseconds)) {
      try {
        const reference = functionReference(this.#mapping.FunctionArn);
        return await invokeVersion(this.#core, { ...reference, requestId: randomUUID(), payload, urgent: true });
      } catch (error) {
        if (!(error instanceof AwsError && error.code === 'TooManyRequestsException')) throw error;
      }
      if (clock.now() + wait >= end) return undefined;
      await clock.sleep(wait, this.#stopped.signal);
    }
  }

  async #delete(records: readonly SqsRecord[]): Promise<void> {
    const QueueUrl = await this.#queueUrl();
    for (let start = 0; start < records.length; start += messagesPerReceive) {
      const Entries = records
        .slice(start, start + messagesPerReceive)
        .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      // Not ended by a stop: what has been handled must be deleted.
      const { Failed } = await this.#core.cloud.call('sqs', 'DeleteMessageBatch', { QueueUrl, Entries }, this.#role());
      if (Failed?.length) throw new Error(`${Failed.length} messages could not be deleted: ${Failed[0].Message}`);
    }
  }

  #role(): Principal {
    const { name } = functionReference(this.#mapping.FunctionArn);
    const record = this.#core.state.functions.get(name);
    if (!record) throw new Error(`the function ${name} does not exist`);
    return assumeRole(this.#core.cloud, record.latest);
  }

  /** Looked up once: a queue that is made anew under the name has the same. */
  async #queueUrl(): Promise<string> {
    this.#url ??= await findQueue(this.#core.cloud, this.#mapping.EventSourceArn);
    return this.#url;
  }

  #call(operation: string, input: object): Promise<any> {
    const context: CallContext = { principal: this.#role(), requestId: randomUUID(), signal: this.#stopped.signal };
    return this.#core.cloud.call('sqs', operation, input, context);
  }
}

/** Patterns see a JSON body as an object, and any other body as the text that it is. */
function withParsedBody(record: SqsRecord): object {
  try {
    return { ...record, body: JSON.parse(record.body) };
  } catch {
    return record;
  }
}

function size(messages: readonly SqsMessage[]): number {
  return messages.reduce((sum, { Body }) => sum + Buffer.byteLength(Body), 0);
}
