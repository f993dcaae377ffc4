import type { Trigger } from '../component/plan.ts';
import { userLocation } from '../component/user-location.ts';

/** A trigger, where the user put it. */
export interface TriggerReference {
  readonly trigger: Trigger;
  readonly at?: string;
}

/**
 * A run for each object that arrives below the prefix.
 * @example fileArrives('landing/flights/')
 */
export function fileArrives(prefix: string): TriggerReference {
  return triggerOf({ kind: 'file', prefix });
}

/**
 * A run at each interval, over the files that no earlier run has taken.
 * @example every('1 day')
 */
export function every(interval: string): TriggerReference {
  return triggerOf({ kind: 'schedule', expression: `rate(${interval})` });
}

/**
 * A run at each time of an EventBridge cron expression.
 * @param options.zone name of the IANA time zone, whose summer time is kept; default UTC
 * @example cron('0 6 * * ? *', { zone: 'Europe/Berlin' })
 */
export function cron(expression: string, { zone }: { readonly zone?: string } = {}): TriggerReference {
  return triggerOf({ kind: 'schedule', expression: `cron(${expression})`, ...(zone !== undefined && { zone }) });
}

/**
 * A run for each run of another pipeline that has completed, over the files that no earlier run has taken.
 * @example after('flights')
 */
export function after(pipeline: string): TriggerReference {
  return triggerOf({ kind: 'pipeline', pipeline });
}

function triggerOf(trigger: Trigger): TriggerReference {
  return Object.freeze({ trigger: Object.freeze(trigger), at: userLocation() });
}
