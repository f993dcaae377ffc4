import { Outbox, type Pending } from '../../../outbox.ts';
import type { Cloud, Principal } from '../../../service.ts';
import type { BusEvent } from '../bus-event.ts';
import type { Target } from '../state.ts';
import { sendToDeadLetters } from './dead-letters.ts';
import { InvalidInputError } from './input-template.ts';
import { exhaustedCondition, mayPass, pauseBeforeRetry } from './retry-policy.ts';
import { targetInput } from './target-input.ts';
import { targetKind } from './targets.ts';

/** An event that has matched a rule and is not yet with one of its targets. */
export interface Delivery {
  readonly event: BusEvent;
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
}

/** What is told of deliveries, by rule: each attempt that failed for good, each that arrived. */
export type DeliveryObserver = (outcome: 'delivered' | 'failed', ruleName: string) => void;

/** Brings events to targets: at once, then again with growing pauses, at last to the dead-letter queue. */
export class Deliveries {
  readonly #cloud: Cloud;
  readonly #outbox: Outbox<Delivery>;

  constructor(cloud: Cloud, observe: DeliveryObserver) {
    this.#cloud = cloud;
    this.#outbox = new Outbox(cloud, {
      collection: 'events.deliveries',
      deliver: async (pending) => {
        await this.#send(pending);
        observe('delivered', pending.item.ruleName);
      },
      pause: (pending, error) => {
        const retry = !(error instanceof InvalidInputError) && mayPass(error) && !this.#exhausted(pending);
        return retry ? pauseBeforeRetry(pending.attempts) : undefined;
      },
      giveUp: async (pending, error) => {
        await sendToDeadLetters(cloud, eventBridgeFor(pending.item.ruleArn), pending, error, this.#exhausted(pending));
        observe('failed', pending.item.ruleName);
      },
    });
  }

  start(): void {
    this.#outbox.start();
  }

  add(event: BusEvent, rule: { arn: string; name: string }, target: Target): void {
    this.#outbox.add({ event, ruleArn: rule.arn, ruleName: rule.name, target });
  }

  close(): Promise<void> {
    return this.#outbox.close();
  }

  #exhausted(pending: Pending<Delivery>): string | undefined {
    return exhaustedCondition(pending.item.target.RetryPolicy, pending, this.#cloud.clock.now());
  }

  async #send({ id, since, item }: Pending<Delivery>): Promise<void> {
    const { event, target, ruleArn, ruleName } = item;
    const surroundings = { ruleArn, ruleName, ingestionTime: new Date(since).toISOString() };
    const input = targetInput(target, event, surroundings);
    const by = { service: eventBridge, sourceArn: ruleArn };
    const caller =
      target.RoleArn === undefined
        ? eventBridgeFor(ruleArn)
        : this.#cloud.assume(target.RoleArn, `Events_${id.replaceAll('-', '')}`, by);
    await targetKind(target.Arn).send(this.#cloud, { target, input, event, id }, caller);
  }
}

const eventBridge = 'events.amazonaws.com';

/** Policies of targets name the rule that they let EventBridge act for. */
const eventBridgeFor = (ruleArn: string): Principal => ({ kind: 'service', arn: eventBridge, sourceArn: ruleArn });
