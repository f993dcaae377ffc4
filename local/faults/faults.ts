import type { FaultHook, InterceptedCall, LocalCloud } from '../cloud.ts';
import { matchesWildcard } from '../iam/wildcard.ts';
import { actionOf } from './actions.ts';
import { ArmedRule } from './armed-rule.ts';
import { type CheckedRule, FaultPlanError, type FaultProblem, type FaultRule, readFaultPlan } from './fault-plan.ts';
import { serviceEvent } from './service-event.ts';

/** A fault that happened. */
export interface FiredFault {
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly at: number;
  readonly rule: FaultRule;
  /** The how many-th call it was that the rule matched. */
  readonly nth: number;
  readonly service: string;
  readonly operation: string;
  readonly resources: readonly string[];
  readonly caller: string;
}

/** A log without end would be a leak. */
const longestLog = 10_000;

/** The faults of one cloud: what is to go wrong, and what did. */
export class Faults {
  readonly #cloud: Pick<LocalCloud, 'clock' | 'operationsOf'>;
  readonly #seed: number;
  readonly #rules = new Set<ArmedRule>();
  readonly #log: FiredFault[] = [];
  #places = 0;

  /** `seed` decides all chances. */
  constructor(cloud: Pick<LocalCloud, 'clock' | 'operationsOf'>, seed = 0) {
    this.#cloud = cloud;
    this.#seed = seed;
  }

  /** What has happened, oldest first: the last 10,000. */
  get log(): readonly FiredFault[] {
    return this.#log;
  }

  /**
   * Adds rules, which count from now; the answer takes them away again. A call that several rules strike suffers the
   * oldest one first. Throws FaultPlanError where a rule could never strike anything.
   */
  add(...rules: readonly FaultRule[]): () => void {
    const { faults } = readFaultPlan(rules);
    const problems = faults.flatMap((rule, index) =>
      this.#problemOf(rule).map(({ at, ...problem }) => ({ at: `faults[${index}].${at}`, ...problem })),
    );
    if (problems.length > 0) throw new FaultPlanError(problems);
    const armed = faults.map((rule) => new ArmedRule(rule, { seed: this.#seed, place: this.#places++ }));
    for (const one of armed) this.#rules.add(one);
    return () => {
      for (const one of armed) this.#rules.delete(one);
    };
  }

  /** Takes all rules away. The log stays. */
  clear(): void {
    this.#rules.clear();
  }

  /** Stands in the way of every call. */
  readonly intercept: FaultHook = (call, run) => {
    let make = run;
    for (const rule of [...this.#rules].reverse()) {
      if (!rule.matches(call)) continue;
      const inner = make;
      const nth = rule.count();
      make = () => rule.make(nth, call, inner, () => this.#note(call, rule.rule, nth));
    }
    return make();
  };

  #note(call: InterceptedCall, rule: FaultRule, nth: number): void {
    const { service, operation, principal } = call;
    if (this.#log.length >= longestLog) this.#log.shift();
    const resources = call.resources();
    this.#log.push({ at: this.#cloud.clock.now(), rule, nth, service, operation, resources, caller: principal.arn });
  }

  #problemOf({ match, action }: CheckedRule): FaultProblem[] {
    const { service, operation } = match;
    if (service === '*') return [];
    const operations = this.#cloud.operationsOf(service);
    if (!operations) {
      const problem = `there is no service "${service}"`;
      const allowed = 'signing names, such as s3, sqs, dynamodb, states, lambda, events, logs or monitoring; * for any';
      return [{ at: 'match.service', problem, received: service, allowed }];
    }
    const known = operations.some((name) => matchesWildcard(operation, name));
    if (known || (service === 'events' && operation === serviceEvent && actionOf(action.type).events)) return [];
    if (service === 'events' && operation === serviceEvent) {
      const problem = `the events of services cannot suffer "${action.type}"`;
      return [{ at: 'action.type', problem, received: action.type, allowed: 'delay, duplicate, reorder' }];
    }
    const problem = `${service} has no operation "${operation}"`;
    return [{ at: 'match.operation', problem, received: operation, allowed: operations.toSorted().join(', ') }];
  }
}
