import type { Timer } from '../../../../lib/core/clock.ts';
import type { Cloud } from '../../../service.ts';
import { newEvent } from '../bus-event.ts';
import type { Router } from '../router.ts';
import type { EventsState, Rule } from '../state.ts';
import { parseSchedule } from './expression.ts';

/** Fires the rules that have a schedule. What fell due while the process was down is not made up for. */
export class RuleTimers {
  readonly #cloud: Cloud;
  readonly #state: EventsState;
  readonly #router: Router;
  readonly #timers = new Map<string, Timer>();

  constructor(cloud: Cloud, state: EventsState, router: Router) {
    this.#cloud = cloud;
    this.#state = state;
    this.#router = router;
  }

  start(): void {
    for (const rule of this.#state.allRules()) this.changed(rule.bus, rule.name);
  }

  /** To be called when a rule was made, changed or deleted. */
  changed(bus: string, name: string): void {
    const key = `${bus}/${name}`;
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
    const rule = this.#state.findRule(bus, name);
    if (rule?.enabled && rule.schedule !== undefined) this.#arm(key, rule, this.#cloud.clock.now());
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #arm(key: string, rule: Rule, after: number): void {
    const due = parseSchedule(rule.schedule!)?.next(after, rule.scheduledFrom);
    if (due === undefined) return;
    const fire = () => {
      this.#fire(rule, due);
      // A timer may run a moment early, so the next time is counted from when this one was due.
      this.#arm(key, rule, Math.max(due, this.#cloud.clock.now()));
    };
    this.#timers.set(key, this.#cloud.clock.after(due - this.#cloud.clock.now(), fire));
  }

  #fire(rule: Rule, due: number): void {
    const current = this.#state.findRule(rule.bus, rule.name);
    if (!current) return;
    const resources = [this.#state.ruleArn(rule)];
    const content = { source: 'aws.events', detailType: 'Scheduled Event', detail: {}, resources, time: due };
    this.#router.toTargets(current, newEvent(this.#cloud, content));
  }
}
