import { randomUUID } from 'node:crypto';
import type { Timer } from '../../../../lib/core/clock.ts';
import { AwsError } from '../../../aws-error.ts';
import type { Cloud, Principal } from '../../../service.ts';
import type { Collection } from '../../../store.ts';
import type { BusEvent } from '../bus-event.ts';
import type { Target } from '../state.ts';
import { sendToDeadLetters } from './dead-letters.ts';
import { InvalidInputError } from './input-template.ts';
import { targetInput } from './target-input.ts';
import { targetKind } from './targets.ts';

/** An event that has matched a rule and is not yet with one of its targets. */
export interface Delivery {
  readonly id: string;
  readonly event: BusEvent;
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
  /** When the event reached the bus; retries count from here. */
  readonly since: number;
  readonly attempts: number;
}

const defaultRetries = 185;
const defaultAgeSeconds = 86_400;
const longestPauseMilliseconds = 15 * 60 * 1000;

/**
 * Brings events to targets: at once, then again with growing pauses, at last to the dead-letter queue. A delivery is in
 * the store until it is done, so what PutEvents has accepted arrives even when the process is killed.
 */
export class Deliveries {
  readonly #cloud: Cloud;
  readonly #waiting: Collection<Delivery>;
  readonly #timers = new Set<Timer>();
  readonly #running = new Set<Promise<void>>();
  readonly #onFailure: (ruleName: string) => void;
  #closed = false;

  constructor(cloud: Cloud, onFailure: (ruleName: string) => void) {
    this.#cloud = cloud;
    this.#onFailure = onFailure;
    this.#waiting = cloud.store.collection('events.deliveries');
  }

  /** Takes over what an earlier process left. */
  start(): void {
    for (const delivery of this.#waiting.values()) this.#attemptAfter(delivery, 0);
  }

  add(event: BusEvent, rule: { arn: string; name: string }, target: Target): void {
    const since = this.#cloud.clock.now();
    const delivery = { id: randomUUID(), event, ruleArn: rule.arn, ruleName: rule.name, target, since, attempts: 0 };
    this.#waiting.set(delivery.id, delivery);
    this.#attemptAfter(delivery, 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    await Promise.allSettled(this.#running);
  }

  #attemptAfter(delivery: Delivery, milliseconds: number): void {
    const timer = this.#cloud.clock.after(milliseconds, () => {
      this.#timers.delete(timer);
      if (this.#closed) return;
      const run: Promise<void> = this.#attempt(delivery).finally(() => this.#running.delete(run));
      this.#running.add(run);
    });
    this.#timers.add(timer);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    try {
      await this.#send(delivery);
      this.#waiting.delete(delivery.id);
    } catch (error) {
      await this.#failed({ ...delivery, attempts: delivery.attempts + 1 }, error as Error);
    }
  }

  async #send({ id, event, target, ruleArn, ruleName, since }: Delivery): Promise<void> {
    const surroundings = { ruleArn, ruleName, ingestionTime: new Date(since).toISOString() };
    const input = targetInput(target, event, surroundings);
    const caller: Principal =
      target.RoleArn === undefined
        ? eventBridgeFor(ruleArn)
        : this.#cloud.assume(target.RoleArn, `Events_${id.replaceAll('-', '')}`, {
            service: eventBridge,
            sourceArn: ruleArn,
          });
    await targetKind(target.Arn).send(this.#cloud, { target, input, event, id }, caller);
  }

  async #failed(delivery: Delivery, error: Error): Promise<void> {
    const retries = delivery.target.RetryPolicy?.MaximumRetryAttempts ?? defaultRetries;
    const ageSeconds = delivery.target.RetryPolicy?.MaximumEventAgeInSeconds ?? defaultAgeSeconds;
    const pause = Math.min(1000 * 2 ** (delivery.attempts - 1), longestPauseMilliseconds);
    const age = this.#cloud.clock.now() + pause - delivery.since;
    const exhausted =
      delivery.attempts > retries
        ? 'MaximumRetryAttempts'
        : age > ageSeconds * 1000
          ? 'MaximumEventAgeInSeconds'
          : undefined;
    if (!exhausted && isRetryable(error)) {
      this.#waiting.set(delivery.id, delivery);
      return this.#attemptAfter(delivery, pause);
    }
    await sendToDeadLetters(this.#cloud, eventBridgeFor(delivery.ruleArn), delivery, error, exhausted);
    this.#waiting.delete(delivery.id);
    this.#onFailure(delivery.ruleName);
  }
}

const eventBridge = 'events.amazonaws.com';

/** Policies of targets name the rule that they let EventBridge act for. */
const eventBridgeFor = (ruleArn: string): Principal => ({ kind: 'service', arn: eventBridge, sourceArn: ruleArn });

/** Trouble that may pass is tried again; a missing permission, target or JSON is not. */
function isRetryable(error: Error): boolean {
  if (error instanceof InvalidInputError) return false;
  if (!(error instanceof AwsError)) return true;
  return (
    (error.statusCode >= 500 && error.statusCode !== 501) ||
    error.statusCode === 429 ||
    /throttl|toomanyrequests|slowdown/i.test(error.code)
  );
}
