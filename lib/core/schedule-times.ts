import { cronValues } from './cron-fields.ts';
import { day, hour, minute } from './durations.ts';

/** A schedule of EventBridge: `rate(1 day)` or `cron(0 6 * * ? *)`. */
export interface ScheduleExpression {
  readonly expression: string;
  /** IANA name. Absent: UTC. */
  readonly zone?: string;
}

const units: Readonly<Record<string, number>> = { minute, hour, day };

/** The first time (milliseconds since the epoch) after one that was due. Undefined where there is none. */
export function nextTime(schedule: ScheduleExpression, after: number): number | undefined {
  const period = periodOf(schedule);
  if (period !== undefined) return after + period;
  return cronTimes(schedule, after).next().value ?? undefined;
}

/** Times that were due between two that were, in order. Those of a rate may be off by seconds, so the last is at a distance. */
export function* timesBetween(schedule: ScheduleExpression, after: number, before: number): Generator<number> {
  const period = periodOf(schedule);
  if (period !== undefined) for (let at = after + period; at < before - period / 2; at += period) yield at;
  else
    for (const at of cronTimes(schedule, after)) {
      if (at >= before) return;
      yield at;
    }
}

function periodOf({ expression }: ScheduleExpression): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return count === undefined ? undefined : Number(count) * units[unit!]!;
}

/** Without an end, but for that of the years that AWS knows. */
function* cronTimes({ expression, zone = 'UTC' }: ScheduleExpression, after: number): Generator<number, undefined> {
  const fields = (/^cron\((.*)\)$/.exec(expression)?.[1] ?? '').toUpperCase().split(' ');
  const [minutes, hours, , months, , years] = fields.map((text, place) => cronValues(text, place));
  const [, , dayOfMonth, , weekday] = fields;
  const lastYear = years!.at(-1)!;
  const shown = new Date(after + offsetAt(after, zone));
  // A day of the zone, as if it were one of UTC.
  for (let date = Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate()); ; date += day) {
    const on = new Date(date);
    if (on.getUTCFullYear() > lastYear) return undefined;
    if (!years!.includes(on.getUTCFullYear()) || !months!.includes(on.getUTCMonth() + 1)) continue;
    if (weekday === '?' ? !isDayOfMonth(on, dayOfMonth!) : !isWeekday(on, weekday!)) continue;
    for (const atHour of hours!)
      for (const atMinute of minutes!) {
        const at = inZone(date + atHour * hour + atMinute * minute, zone);
        if (at !== undefined && at > after) yield at;
      }
  }
}

function isDayOfMonth(date: Date, text: string): boolean {
  const last = daysIn(date);
  const day = date.getUTCDate();
  if (text === 'L') return day === last;
  if (text === 'LW') return day === nearestWorkday(date, last);
  if (text.endsWith('W')) return day === nearestWorkday(date, Number(text.slice(0, -1)));
  return cronValues(text, 2).includes(day);
}

/** Days of the week count from 1, Sunday. */
function isWeekday(date: Date, text: string): boolean {
  const day = date.getUTCDay() + 1;
  if (text === 'L') return day === 7;
  const [, name, mark, nth] = /^(\w+?)(L|#)(\d?)$/.exec(text) ?? [];
  if (name === undefined) return cronValues(text, 4).includes(day);
  if (!cronValues(name, 4).includes(day)) return false;
  return mark === 'L' ? date.getUTCDate() + 7 > daysIn(date) : Math.ceil(date.getUTCDate() / 7) === Number(nth);
}

/** The day from Monday to Friday that is next to a day of the month, in that month. */
function nearestWorkday(date: Date, day: number): number | undefined {
  const last = daysIn(date);
  if (day > last) return undefined;
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === last ? day - 2 : day + 1;
  return day;
}

function daysIn(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** When the clocks of a zone show a time first. Undefined where they skip it. */
function inZone(shown: number, zone: string): number | undefined {
  const candidates = [shown - offsetAt(shown - day, zone), shown - offsetAt(shown + day, zone)];
  return candidates.find((at) => at + offsetAt(at, zone) === shown);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(moment: number, zone: string): number {
  if (zone === 'UTC') return 0;
  let format = formats.get(zone);
  if (!format) {
    const numeric = 'numeric';
    const fields = {
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (name: string) => parts.get(name as Intl.DateTimeFormatPartTypes)!;
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(moment / 1000) * 1000;
}
