import type { BusEvent } from './bus-event.ts';
import type { Deliveries } from './delivery/deliveries.ts';
import { matchesPattern } from './pattern.ts';
import type { EventsState, Rule } from './state.ts';

/** Sees every event that reaches a bus, before rules do. */
export type BusListener = (bus: string, event: BusEvent) => void;

/** Takes events onto buses and hands them to the targets of the rules that match. */
export class Router {
  readonly #state: EventsState;
  readonly #deliveries: Deliveries;
  readonly #listeners: BusListener[] = [];

  constructor(state: EventsState, deliveries: Deliveries) {
    this.#state = state;
    this.#deliveries = deliveries;
  }

  listen(listener: BusListener): void {
    this.#listeners.push(listener);
  }

  /** Puts an event on a bus. `only` narrows it to some rules, as a replay may. */
  route(bus: string, event: BusEvent, only?: readonly string[]): void {
    for (const listener of this.#listeners) listener(bus, event);
    for (const rule of this.#state.rulesOf(bus)) {
      if (!rule.enabled || rule.pattern === undefined) continue;
      if (only && !only.includes(this.#state.ruleArn(rule))) continue;
      // CloudTrail's own read-only calls aside, a rule sees what its pattern matches and nothing else.
      if (matchesPattern(rule.pattern, event)) this.toTargets(rule, event);
    }
  }

  toTargets(rule: Rule, event: BusEvent): void {
    const named = { arn: this.#state.ruleArn(rule), name: rule.name };
    for (const target of rule.targets) this.#deliveries.add(event, named, target);
  }
}
