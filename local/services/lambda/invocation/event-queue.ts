import { AwsError } from '../../../aws-error.ts';
import type { LambdaCore } from '../core.ts';
import type { FunctionRecord, QueuedEvent } from '../state.ts';
import { deliverRecord } from './destinations.ts';
import { type InvocationRequest, type InvocationResult, invokeVersion } from './invoke-version.ts';

const defaultRetries = 2;
const defaultMaxAgeSeconds = 6 * 60 * 60;
/** After the first failure of the function one minute, after the second two. */
const retrySeconds = [60, 120];
const longestThrottleSeconds = 5 * 60;

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
      attempts: 0,
    };
    state.queued.set(requestId, event);
    this.#work(event);
  }

  /** Waiting events stay in the store for the next start. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.allSettled(this.#active);
  }

  #work(event: QueuedEvent): void {
    const done = this.#run(event)
      .catch((error) => {
        if (!this.#stopped.signal.aborted)
          process.emitWarning(`asynchronous invocation of ${event.functionName}: ${error}`);
      })
      .finally(() => this.#active.delete(done));
    this.#active.add(done);
  }

  async #run(first: QueuedEvent): Promise<void> {
    const core = this.#core();
    const { signal } = this.#stopped;
    let throttleSeconds = 1;
    for (let event = first; !signal.aborted; ) {
      const record = core.state.functions.get(event.functionName);
      if (!record) break;
      const { maxAgeSeconds, retries } = limits(record, event);
      const ageSeconds = () => (core.cloud.clock.now() - event.receivedAt) / 1000;
      if (event.attempts > 0 && ageSeconds() > maxAgeSeconds) return this.#finish(event, 'EventAgeExceeded');
      const result = await this.#attempt(core, event);
      if (signal.aborted) return;
      if (result && !result.functionError) return this.#finish(event, 'Success', result);
      let waitSeconds: number;
      if (result) {
        if (event.attempts >= retries) return this.#finish(event, 'RetriesExhausted', result);
        waitSeconds = retrySeconds[event.attempts]!;
        event = { ...event, attempts: event.attempts + 1 };
        core.state.queued.set(event.requestId, event);
      } else {
        waitSeconds = throttleSeconds;
        throttleSeconds = Math.min(throttleSeconds * 2, longestThrottleSeconds);
      }
      if (ageSeconds() + waitSeconds > maxAgeSeconds) return this.#finish(event, 'EventAgeExceeded', result);
      await core.cloud.clock.sleep(waitSeconds * 1000, signal);
    }
    if (!signal.aborted) core.state.queued.delete(first.requestId);
  }

  /** Undefined where the function was throttled: that is no attempt of its own. */
  async #attempt(core: LambdaCore, event: QueuedEvent): Promise<InvocationResult | undefined> {
    try {
      return await invokeVersion(core, {
        name: event.functionName,
        qualifier: event.qualifier,
        requestId: event.requestId,
        payload: Buffer.from(event.payload, 'base64'),
        clientContext: event.clientContext,
      });
    } catch (error) {
      if (error instanceof AwsError && error.code === 'TooManyRequestsException') return undefined;
      throw error;
    }
  }

  async #finish(event: QueuedEvent, condition: string, result?: InvocationResult): Promise<void> {
    const core = this.#core();
    const record = core.state.functions.get(event.functionName);
    if (record) await deliverRecord(core, record, { event, condition, result });
    core.state.queued.delete(event.requestId);
  }
}

function limits(record: FunctionRecord, event: QueuedEvent): { maxAgeSeconds: number; retries: number } {
  const config = record.eventInvokeConfigs[event.qualifier ?? '$LATEST'];
  return {
    maxAgeSeconds: config?.MaximumEventAgeInSeconds ?? defaultMaxAgeSeconds,
    retries: config?.MaximumRetryAttempts ?? defaultRetries,
  };
}
