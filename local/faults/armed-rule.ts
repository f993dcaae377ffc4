import type { InterceptedCall } from '../cloud.ts';
import { matchesArn, matchesWildcard } from '../iam/wildcard.ts';
import type { FaultAction } from './action.ts';
import { actionOf } from './actions.ts';
import { chanceOf } from './chance.ts';
import type { CheckedRule } from './fault-plan.ts';

/** A rule at work: counts the calls that it matches and strikes those that it is to strike. */
export class ArmedRule {
  readonly rule: CheckedRule;
  readonly #action: FaultAction;
  readonly #chance: (nth: number, purpose: 'strike' | 'amount') => number;
  #matched = 0;
  #struck = 0;
  #waiting: (() => void)[] = [];

  /** `place` is the rule's place in the order in which rules were added. */
  constructor(rule: CheckedRule, { seed, place }: { readonly seed: number; readonly place: number }) {
    this.rule = rule;
    this.#action = actionOf(rule.action.type);
    this.#chance = (nth, purpose) => chanceOf(seed, place, nth, purpose);
  }

  matches(call: InterceptedCall): boolean {
    const { service, operation, resource, caller } = this.rule.match;
    return (
      matchesWildcard(service, call.service) &&
      matchesWildcard(operation, call.operation) &&
      (call.kind === 'call' || this.#action.events === true) &&
      this.#action.applies?.(call) !== false &&
      (caller === undefined || matchesArn(caller, call.principal.arn)) &&
      (resource === undefined || call.resources().some((arn) => matchesArn(resource, arn)))
    );
  }

  /** The number of a call that the rule matches: calls that other rules keep from getting here count as well. */
  count(): number {
    return ++this.#matched;
  }

  /** Makes the call of this number; tells `struck` where the rule strikes it. */
  async make(nth: number, call: InterceptedCall, run: () => Promise<any>, struck: () => void): Promise<any> {
    const woken = this.#waiting.splice(0);
    try {
      if (!this.#strikes(nth)) return await run();
      this.#struck++;
      struck();
      const nextCall = () => new Promise<void>((resolve) => this.#waiting.push(resolve));
      return await this.#action.perform(this.rule.action, { call, run, nextCall, chance: this.#chance(nth, 'amount') });
    } finally {
      for (const wake of woken) wake();
    }
  }

  #strikes(nth: number): boolean {
    const { nth: wanted = nth, probability = 1, times = Number.POSITIVE_INFINITY } = this.rule.match;
    return [wanted].flat().includes(nth) && this.#struck < times && this.#chance(nth, 'strike') < probability;
  }
}
