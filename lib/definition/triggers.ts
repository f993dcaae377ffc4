import type { Trigger } from '../component/plan.ts';
import { type Locate, userLocation } from '../component/user-location.ts';
import { type Problem, problemsOf } from './problem.ts';
import {
  type TriggerKind,
  type TriggerName,
  type TriggerOptions,
  type TriggerValue,
  triggerKinds,
} from './trigger-kinds.ts';

/** A trigger, where the user put it. */
export interface TriggerReference {
  readonly trigger: Trigger;
  readonly at?: string;
  /** Finds the parts of what stands behind its name, in a file. */
  readonly locate?: Locate;
  /** What is wrong with its form. */
  readonly problems: readonly Problem[];
  /** True where it has none, and stands for nothing. */
  readonly formless?: true;
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
 * @param options.catchUp which times are run that were missed: `all`, the `latest` (default: its run takes all that lies
 * there), or `none`
 * @example every('1 day')
 */
export function every(interval: string, options: TriggerOptions<'every'> = {}): TriggerReference {
  return triggerOf('every', interval, options, { at: userLocation() });
}

/**
 * A run at each time of an EventBridge cron expression.
 * @param options.zone name of the IANA time zone, whose summer time is kept; default UTC
 * @param options.catchUp as of `every`
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

/**
 * A run for each event that matches, over the files that no earlier run has taken: an event of the account's default bus,
 * or, where the source is `penstock`, one that Penstock tells of other pipelines.
 * @param pattern.source who tells; a text, or a list of texts and filters of EventBridge
 * @param pattern.detailType what is told, likewise. Default: anything
 * @param pattern.detail content filters of EventBridge over the detail
 * @example event({ source: 'com.shop', detailType: 'OrdersExported', detail: { shop: ['eu', { prefix: 'uk-' }] } })
 * @example event({ source: 'penstock', detailType: 'QualityAlert', detail: { pipeline: ['flights'] } })
 */
export function event(pattern: TriggerValue<'event'>): TriggerReference {
  return triggerOf('event', pattern, {}, { at: userLocation() });
}

/** A trigger by its name, with what is wrong with its options. `locate` finds parts of it, where it stands in a file. */
export function triggerOf(
  name: TriggerName,
  value: unknown,
  options: unknown,
  { at, locate }: { readonly at?: string; readonly locate?: Locate },
): TriggerReference {
  const kind = triggerKinds[name] as unknown as TriggerKind;
  const part = `on / ${name}`;
  const given = kind.value.safeParse(value);
  const parsed = kind.options.safeParse(options);
  const inValue = locate && within(locate, name);
  const problems = [
    ...(given.success ? [] : problemsOf(given.error, part, inValue ?? at, value, kind.value)),
    ...(parsed.success ? [] : problemsOf(parsed.error, part, locate ?? at, options, kind.options)),
  ];
  // What has no form of a trigger cannot be looked at any further.
  const trigger: Trigger = given.success
    ? kind.trigger(given.data, parsed.success ? parsed.data : {})
    : { kind: 'event', source: [] };
  return { trigger, at, locate: inValue, problems, ...(!given.success && { formless: true as const }) };
}

/** Finds parts of what stands below a name. */
function within(locate: Locate, name: string): Locate {
  return (path, part) => locate([name, ...path], part);
}
