import { AwsError } from '../../../aws-error.ts';
import { assumeRole } from '../assume-role.ts';
import type { LambdaCore } from '../core.ts';
import { findVersion } from '../find-function.ts';
import { functionReference } from '../function-reference.ts';
import type { InvocationResult } from '../invocation/invoke-version.ts';
import { sendToTarget } from '../invocation/send-to-target.ts';
import type { MappingRecord } from '../state.ts';
import { failedItems } from './batch-failures.ts';
import { type DiscardedBatch, discardedBatch } from './discarded-batch.ts';
import type { Polling } from './event-source.ts';
import { matchesFilters } from './filter-criteria.ts';
import { itself, streamDelivery } from './stream-delivery.ts';
import { type StreamEvent, sequenceOf } from './stream-event.ts';

const firstBackOffMilliseconds = 200;
const longestBackOffMilliseconds = 30_000;
/** How long a stream keeps its records; what is older has expired whatever the mapping says. */
const retentionSeconds = 24 * 3600;

export interface BatchSurroundings {
  readonly core: LambdaCore;
  readonly mapping: MappingRecord;
  readonly shardId: string;
  readonly signal: AbortSignal;
  readonly report: Polling['report'];
  /** Told of the last sequence number of each part that is done with, in order. */
  readonly done: (sequence: string) => void;
}

/** A batch of a stream on its way through a function: tried until it succeeds or is given up, parts of it in order. */
export class StreamBatch {
  readonly #around: BatchSurroundings;

  constructor(around: BatchSurroundings) {
    this.#around = around;
  }

  /** Resolves when the function, or the destination, has all records. Rejects when the mapping stops. */
  async handle(records: readonly StreamEvent[]): Promise<void> {
    const { mapping, done, report } = this.#around;
    const wanted = records.filter((record) => matchesFilters(mapping.FilterCriteria, record));
    if (wanted.length > 0) await this.#work(wanted, 0);
    done(sequenceOf(records.at(-1)!));
    report('OK');
  }

  async #work(records: readonly StreamEvent[], invokedBefore: number): Promise<void> {
    const { mapping, done, report, signal, core } = this.#around;
    let left = records;
    let invoked = invokedBefore;
    let result: InvocationResult | undefined;
    for (let backOff = firstBackOffMilliseconds; ; backOff = Math.min(backOff * 2, longestBackOffMilliseconds)) {
      left = await this.#withoutAged(left, { invokeCount: invoked, result });
      if (left.length === 0) return;
      const outcome = await this.#invoke(left);
      if (outcome) {
        result = outcome;
        invoked++;
        const failedAt = this.#firstFailed(outcome, left);
        if (failedAt === undefined) return done(sequenceOf(left.at(-1)!));
        if (failedAt > 0) done(sequenceOf(left[failedAt - 1]!));
        left = left.slice(failedAt);
        report('PROBLEM: Function call failed', failureOf(outcome));
        // Where the function has said which record failed, it is split there already.
        if (mapping.BisectBatchOnFunctionError && outcome.functionError && left.length > 1) {
          const middle = Math.ceil(left.length / 2);
          await this.#work(left.slice(0, middle), invokedBefore);
          return this.#work(left.slice(middle), invokedBefore);
        }
        const retries = mapping.MaximumRetryAttempts ?? -1;
        if (retries >= 0 && invoked > retries) {
          return this.#discard({ records: left, condition: 'RetryAttemptsExhausted', invokeCount: invoked, result });
        }
      }
      await core.cloud.clock.sleep(backOff, signal);
    }
  }

  /** Undefined where the function could not be reached, or run for want of concurrency: that counts as no attempt. */
  async #invoke(records: readonly StreamEvent[]): Promise<InvocationResult | undefined> {
    const { core, mapping } = this.#around;
    const Payload = Buffer.from(JSON.stringify({ Records: records }));
    try {
      return await core.cloud.call('lambda', streamDelivery, { FunctionName: mapping.FunctionArn, Payload }, itself);
    } catch (error) {
      if (error instanceof AwsError && (error.statusCode === 429 || error.statusCode >= 500)) return undefined;
      throw error;
    }
  }

  /** The place of the first record that has to be handled again; undefined where none has. */
  #firstFailed(outcome: InvocationResult, records: readonly StreamEvent[]): number | undefined {
    if (outcome.functionError) return 0;
    if (!this.#around.mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures')) return undefined;
    const sequences = records.map(sequenceOf);
    const failed = failedItems(outcome.payload, sequences);
    return failed.length > 0 ? Math.min(...failed.map((sequence) => sequences.indexOf(sequence))) : undefined;
  }

  /** Gives up the records that have become too old, which are the first ones. */
  async #withoutAged(
    records: readonly StreamEvent[],
    tried: Pick<DiscardedBatch, 'invokeCount' | 'result'>,
  ): Promise<readonly StreamEvent[]> {
    const { mapping, core } = this.#around;
    const { MaximumRecordAgeInSeconds: given = -1 } = mapping;
    const oldest = core.cloud.clock.now() / 1000 - (given === -1 ? retentionSeconds : given);
    const fresh = records.findIndex(({ dynamodb }) => dynamodb.ApproximateCreationDateTime >= oldest);
    const aged = fresh < 0 ? records : records.slice(0, fresh);
    if (aged.length > 0) await this.#discard({ ...tried, records: aged, condition: 'RecordAgeExceeded' });
    return records.slice(aged.length);
  }

  async #discard(batch: Omit<DiscardedBatch, 'shardId'>): Promise<void> {
    const { core, mapping, done, shardId } = this.#around;
    const destination = mapping.DestinationConfig?.OnFailure?.Destination;
    if (destination) {
      const version = findVersion(core, functionReference(mapping.FunctionArn));
      const text = JSON.stringify(discardedBatch(core, mapping, { ...batch, shardId }));
      await sendToTarget(core.cloud, destination, { text }, assumeRole(core.cloud, version));
    }
    done(sequenceOf(batch.records.at(-1)!));
  }
}

/** What the function said of its failure; undefined where it only named records that are to come again. */
function failureOf({ functionError, payload, report }: InvocationResult): string | undefined {
  if (functionError === undefined) return undefined;
  const told = parsed(payload);
  return [report.errorType, told?.errorMessage].filter((part) => typeof part === 'string').join(': ');
}

function parsed(payload: Buffer): { readonly errorMessage?: unknown } | undefined {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    // A runtime may post anything as its error.
    return undefined;
  }
}
