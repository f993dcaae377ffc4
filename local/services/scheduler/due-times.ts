import { createHash } from 'node:crypto';
import { parseSchedule } from '../events/schedule/expression.ts';
import { localTime } from './local-time.ts';
import type { Schedule } from './state.ts';

type Times = (after: number, schedule: Pick<Schedule, 'start' | 'createdAt'>) => number | undefined;

const once = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/;
const rate = /^rate\(([1-9][0-9]*) (minute|hour|day)s?\)$/;
const unitMilliseconds: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Whether an invocation comes once or again and again. */
export const isOnce = (expression: string) => once.test(expression);

/** The times of an expression in a time zone; undefined where it is none, or there is no such zone. */
export function timesOf(expression: string, timezone: string): Times | undefined {
  if (!isTimezone(timezone)) return undefined;
  const at = once.exec(expression);
  if (at) {
    const time = localTime(at[1]!, timezone);
    return time === undefined ? undefined : (after) => (time > after ? time : undefined);
  }
  const every = rate.exec(expression);
  if (every) {
    const period = Number(every[1]) * unitMilliseconds[every[2]!]!;
    // Unlike a rule of EventBridge, a schedule begins with an invocation.
    return (after, { start, createdAt }) => {
      const first = start ?? createdAt;
      return first > after ? first : first + (Math.floor((after - first) / period) + 1) * period;
    };
  }
  const cron = expression.startsWith('cron(') ? parseSchedule(expression, timezone) : undefined;
  return cron && ((after, { start }) => cron.next(Math.max(after, (start ?? 0) - 1), 0));
}

/**
 * When the schedule is due next after a time, within its start and end; undefined where it has ended. What comes once comes
 * whatever they are.
 */
export function nextDue(schedule: Schedule, after: number): number | undefined {
  const { expression, timezone, end } = schedule;
  const due = timesOf(expression, timezone)?.(after, schedule);
  if (due === undefined || isOnce(expression)) return due;
  return end !== undefined && due > end ? undefined : due;
}

/** How long after the due time an invocation comes: somewhere in the window, and always the same for one due time. */
export function windowOffset(arn: string, due: number, windowMinutes: number): number {
  if (windowMinutes === 0) return 0;
  const place = createHash('sha256').update(`${arn} ${due}`).digest().readUInt32BE(0) / 2 ** 32;
  return Math.floor(place * windowMinutes * 60_000);
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
