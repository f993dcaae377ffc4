import { AwsError } from '../../../aws-error.ts';
import type { LambdaCore } from '../core.ts';
import type { FunctionRecord, QueuedEvent } from '../state.ts';
import { deliverRecord, type FinishedEvent } from './destinations.ts';
import { type InvocationRequest, type InvocationResult, invokeVersion } from './invoke-version.ts';

const defaultRetries = 2;
const defaultMaxAgeSeconds = 6 * 60 * 60;
/** After the first failure of the function one minute, after the second two. */
const retrySeconds = [60, 120];
const longestWaitSeconds = 5 * 60;

/** Asynchronous invocations: kept until the function has handled them, retried, and at last sent to a destination. */
export class EventQueue {
  readonly #core: () => LambdaCore;
  readonly #stopped = new AbortController();
  readonly #active = new Set<Promise<void>>();

  constructor(core: () => LambdaCore) {
    this.#core = core;
  }

  /** Takes up what an earlier process left undone. */
  start(): void {
    for (const event of this.#core().state.queued.values()) this.#work(event);
  }

  add({ name, qualifier, payload, clientContext, requestId }: InvocationRequest): void {
    const { cloud, state } = this.#core();
    const event: QueuedEvent = {
      requestId,
      functionName: name,
      qualifier,
      payload: Buffer.from(payload).toString('base64'),
      clientContext,
      receivedAt: cloud.clock.now(),
      failures: 0,
    };
    state.queued.set(requestId, event);
    this.#work(event);
  }

  /** Waiting events stay in the store for the next start. */
  async close(): Promise<void> {
    this.#stopped.abort(new Error('local AWS is stopping'));
    await Promise.all(this.#active);
  }

  #work(event: QueuedEvent): void {
    const done = this.#handle(event).finally(() => this.#active.delete(done));
    this.#active.add(done);
  }

  async #handle(event: QueuedEvent): Promise<void> {
    try {
      const finished = await this.#runToEnd(event);
      const core = this.#core();
      const record = core.state.functions.get(event.functionName);
      if (record && finished) await deliverRecord(core, record, finished);
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      // On AWS, too, a record that cannot be delivered is lost but for a metric.
      this.#warn(event, error);
    }
    this.#core().state.queued.delete(event.requestId);
  }

  /** Undefined where the function is gone. Throws when local AWS stops meanwhile. */
  async #runToEnd(event: QueuedEvent): Promise<FinishedEvent | undefined> {
    const { cloud, state } = this.#core();
    let { failures } = event;
    let result: InvocationResult | undefined;
    for (let waits = 0; ; ) {
      const record = state.functions.get(event.functionName);
      if (!record) return undefined;
      const { maxAgeSeconds, retries } = limits(record, event);
      const attempt = await this.#attempt(event);
      this.#stopped.signal.throwIfAborted();
      if (attempt) {
        result = attempt;
        if (!result.functionError) return { event, condition: 'Success', invokeCount: failures + 1, result };
        failures++;
        if (failures > retries) return { event, condition: 'RetriesExhausted', invokeCount: failures, result };
        state.queued.set(event.requestId, { ...event, failures });
      }
      const waitSeconds = attempt ? retrySeconds[failures - 1]! : Math.min(2 ** waits++, longestWaitSeconds);
      const ageSeconds = (cloud.clock.now() - event.receivedAt) / 1000;
      if (ageSeconds + waitSeconds > maxAgeSeconds) {
        return { event, condition: 'EventAgeExceeded', invokeCount: failures, result };
      }
      await cloud.clock.sleep(waitSeconds * 1000, this.#stopped.signal);
    }
  }

  /** Undefined where the function could not be run: throttled, or in want of its role. That counts as no attempt. */
  async #attempt(event: QueuedEvent): Promise<InvocationResult | undefined> {
    try {
      return await invokeVersion(this.#core(), {
        name: event.functionName,
        qualifier: event.qualifier,
        requestId: event.requestId,
        payload: Buffer.from(event.payload, 'base64'),
        clientContext: event.clientContext,
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code !== 'TooManyRequestsException') this.#warn(event, error);
      return undefined;
    }
  }

  #warn({ functionName, requestId }: QueuedEvent, error: unknown): void {
    process.emitWarning(`asynchronous invocation ${requestId} of ${functionName}: ${(error as Error).message}`);
  }
}

function limits(record: FunctionRecord, event: QueuedEvent): { maxAgeSeconds: number; retries: number } {
  const config = record.eventInvokeConfigs[event.qualifier ?? '$LATEST'];
  return {
    maxAgeSeconds: config?.MaximumEventAgeInSeconds ?? defaultMaxAgeSeconds,
    retries: config?.MaximumRetryAttempts ?? defaultRetries,
  };
}
