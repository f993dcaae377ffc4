import { isOfPenstock } from '../component/event-filters.ts';
import type { Trigger } from '../component/plan.ts';
import { checkCronFields, hasDayFrom } from '../core/cron-fields.ts';
import { nextTime } from '../core/schedule-times.ts';
import { patternFaults } from './events/event-pattern.ts';
import { penstockFaults } from './events/penstock-events.ts';
import type { Problem } from './problem.ts';
import type { TriggerReference } from './triggers.ts';

/** No clock is asked where definitions are made; a year before this one has passed at any rate. */
const firstYear = 2026;

type Fault = Omit<Problem, 'at'>;

/** What is wrong with triggers, as far as it can be told without a clock. */
export function triggerProblems(name: string, on: readonly TriggerReference[]): Problem[] {
  const own = on.flatMap((reference) => {
    const { trigger, at, problems = [], formless } = reference;
    const faults = formless ? [] : trigger.kind === 'event' ? eventFaults(name, reference) : faultsOf(name, trigger);
    return [...faults.map((fault) => ({ at, ...fault })), ...problems];
  });
  return [...own, ...sharedFiles(on)];
}

function eventFaults(name: string, { trigger, at, locate }: TriggerReference): Problem[] {
  const pattern = trigger as Extract<Trigger, { kind: 'event' }>;
  const own = patternFaults(pattern);
  const faults = own.length === 0 && isOfPenstock(pattern) ? penstockFaults(pattern, name) : own;
  return faults.map(({ path, ...fault }) => ({
    at: locate?.(path) ?? at,
    part: ['on', 'event', ...path].join(' / '),
    ...fault,
  }));
}

function faultsOf(name: string, trigger: Exclude<Trigger, { kind: 'event' }>): Fault[] {
  if (trigger.kind === 'file') return fileFaults(trigger.prefix);
  return trigger.kind === 'pipeline' ? afterFaults(name, trigger.pipeline) : scheduleFaults(trigger);
}

/** Longer cycles, and pipelines that do not exist, show only where all of them are known. */
function afterFaults(name: string, other: string): Fault[] {
  if (other !== name) return [];
  return [
    {
      part: 'on / after',
      problem: 'the pipeline would start itself without end',
      received: other,
      allowed: 'another pipeline',
      change: 'name the pipeline whose runs come before',
    },
  ];
}

function fileFaults(prefix: string): Fault[] {
  if (/^landing\/.+\/$/.test(prefix)) return [];
  return [
    {
      part: 'on / fileArrives',
      problem: 'files arrive in the landing zone only',
      received: prefix,
      allowed: '"landing/<folder>/"',
      change: 'begin the prefix with "landing/" and end it with "/"',
    },
  ];
}

/** A file that is part of a batch belongs to one run: no other trigger of the pipeline may take it. */
function sharedFiles(on: readonly TriggerReference[]): Problem[] {
  const files = on.flatMap(({ trigger, at }) => (trigger.kind === 'file' ? [{ ...trigger, at }] : []));
  return files.flatMap((file, index) => {
    const other = files.find(
      (one, place) =>
        place < index &&
        (one.window || one.complete || file.window || file.complete) &&
        (one.prefix.startsWith(file.prefix) || file.prefix.startsWith(one.prefix)),
    );
    if (!other) return [];
    return [
      {
        at: file.at,
        part: 'on / fileArrives',
        problem: 'two triggers would take the same files, and one of them takes several together',
        received: [other.prefix, file.prefix],
        allowed: 'prefixes that do not lie in one another',
        change: 'keep one of the two, or part their folders',
      },
    ];
  });
}

function scheduleFaults({ expression, zone }: Extract<Trigger, { kind: 'schedule' }>): Fault[] {
  const cron = /^cron\((.*)\)$/.exec(expression)?.[1];
  const faults = cron === undefined ? rateFaults(expression) : cronFaults(cron, expression);
  if (zone === undefined) return faults;
  if (!isZone(zone)) return [...faults, zoneFault(zone)];
  return faults.length > 0 || nextTime({ expression, zone }, Date.UTC(firstYear)) !== undefined
    ? faults
    : [skippedFault(expression, zone)];
}

function rateFaults(expression: string): Fault[] {
  if (/^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/.test(expression)) return [];
  return [
    {
      part: 'on / schedule',
      problem: 'EventBridge does not know this interval',
      received: expression,
      allowed: '"1 minute", "5 minutes", "1 hour", "12 hours", "1 day"…',
      change: 'write the number, a space, and minute, hour or day (plural above 1)',
    },
  ];
}

function cronFaults(cron: string, expression: string): Fault[] {
  const fields = cron.split(' ');
  if (!checkCronFields(fields)) {
    return [
      {
        part: 'on / schedule',
        problem: 'EventBridge does not know this cron expression',
        received: expression,
        allowed: 'six fields: minutes, hours, day of month, month, day of week, year; one of the two days is "?"',
        change: 'write e.g. "0 6 * * ? *" for six o\'clock each day',
      },
    ];
  }
  if (hasDayFrom(fields, firstYear)) return [];
  return [
    {
      part: 'on / schedule',
      problem: 'this cron expression never fires: no such day comes',
      received: expression,
      allowed: `a day that some month has, in a year from ${firstYear} on`,
      change: 'correct the day, the month or the year; "L" is the last day of each month',
    },
  ];
}

/** Times that clocks skip are not made up for by EventBridge Scheduler. */
function skippedFault(expression: string, zone: string): Fault {
  return {
    part: 'on / schedule',
    problem: 'this cron expression never fires: each of its times is one that the clocks of its zone skip',
    received: `${expression} in ${zone}`,
    allowed: 'a time that the clocks show, e.g. an hour later',
    change: 'take another hour, or leave `zone` out for UTC',
  };
}

function zoneFault(zone: string): Fault {
  return {
    part: 'on / schedule',
    problem: 'there is no such time zone',
    received: zone,
    allowed: 'names of the IANA database, e.g. "Europe/Berlin", "America/New_York", "UTC"',
    change: 'correct the name, or leave `zone` out for UTC',
  };
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // Offsets and abbreviations, which some runtimes take, are unknown to EventBridge Scheduler.
    return name === 'UTC' || /^[A-Z]\w*(\/[\w+-]+)+$/.test(name);
  } catch {
    return false;
  }
}
