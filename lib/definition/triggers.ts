import type { Trigger } from '../component/plan.ts';
import { type Locate, userLocation } from '../component/user-location.ts';
import { type Problem, problemsOf } from './problem.ts';
import { type TriggerKind, type TriggerName, type TriggerOptions, triggerKinds } from './trigger-kinds.ts';

/** A trigger, where the user put it. */
export interface TriggerReference {
  readonly trigger: Trigger;
  readonly at?: string;
  /** What is wrong with its options. */
  readonly problems: readonly Problem[];
}

/**
 * A run for each object that arrives below the prefix; or for several together: those of a `window`, or of a folder once it
 * is `complete`.
 * @param options.window files that come within this time of the first one are one run; it begins sooner once there are
 * `atMost`
 * @param options.complete `{ marker: '_SUCCESS' }` or `{ count: 24 }`: the files of each folder are one run, when a file of
 * that name or the last of so many has come
 * @param options.reupload `run`: a file that comes again with the same content is run, too; default `skip`
 * @example fileArrives('landing/flights/')
 * @example fileArrives('landing/flights/', { window: '5 minutes', atMost: 100 })
 */
export function fileArrives(prefix: string, options: TriggerOptions<'fileArrives'> = {}): TriggerReference {
  return triggerOf('fileArrives', prefix, options, { at: userLocation() });
}

/**
 * A run at each interval, over the files that no earlier run has taken.
 * @example every('1 day')
 */
export function every(interval: string): TriggerReference {
  return triggerOf('every', interval, {}, { at: userLocation() });
}

/**
 * A run at each time of an EventBridge cron expression.
 * @param options.zone name of the IANA time zone, whose summer time is kept; default UTC
 * @example cron('0 6 * * ? *', { zone: 'Europe/Berlin' })
 */
export function cron(expression: string, options: TriggerOptions<'cron'> = {}): TriggerReference {
  return triggerOf('cron', expression, options, { at: userLocation() });
}

/**
 * A run for each run of another pipeline that has completed, over the files that no earlier run has taken.
 * @example after('flights')
 */
export function after(pipeline: string): TriggerReference {
  return triggerOf('after', pipeline, {}, { at: userLocation() });
}

/** A trigger by its name, with what is wrong with its options. `locate` finds the options, where they stand in a file. */
export function triggerOf(
  name: TriggerName,
  value: unknown,
  options: unknown,
  { at, locate }: { readonly at?: string; readonly locate?: Locate },
): TriggerReference {
  const kind = triggerKinds[name] as unknown as TriggerKind;
  const parsed = kind.options.safeParse(options);
  const part = `on / ${name}`;
  const problems = parsed.success ? [] : problemsOf(parsed.error, part, locate ?? at, options, kind.options);
  const trigger = kind.trigger(value, parsed.success ? parsed.data : {});
  return Object.freeze({ trigger: deepFreeze(trigger), at, problems });
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
