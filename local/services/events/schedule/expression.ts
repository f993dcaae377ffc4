import { Cron } from 'croner';
import { checkCronFields } from '../../../../lib/core/cron-fields.ts';
import { isRepeated } from '../../scheduler/local-time.ts';

/** When something is due: `next(after, from)` is the first time after `after`, in milliseconds; undefined where there is none. */
export interface Schedule {
  next(after: number, from: number): number | undefined;
}

const dayOfWeek = 4;
const unitMilliseconds: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `rate(5 minutes)` or `cron(0 12 * * ? *)` as strictly as AWS does. Undefined where it is neither.
 * A rate counts from `from`, the moment its rule began; a cron expression is in `timezone`, default UTC.
 */
export function parseSchedule(expression: string, timezone = 'UTC'): Schedule | undefined {
  const rate = /^rate\(([1-9][0-9]*) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate) {
    const [, text, unit, plural] = rate;
    const count = Number(text);
    if ((count === 1) !== (plural === '')) return undefined;
    const period = count * unitMilliseconds[unit!]!;
    if (!Number.isSafeInteger(period)) return undefined;
    return { next: (after, from) => from + (Math.max(0, Math.floor((after - from) / period)) + 1) * period };
  }
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (!fields || !checkCronFields(fields)) return undefined;
  return cronSchedule(fields, timezone);
}

function cronSchedule(fields: readonly string[], timezone: string): Schedule | undefined {
  const pattern = ['0', ...fields.map(cronerField)].join(' ');
  let cron: Cron;
  try {
    cron = new Cron(pattern, { mode: '7-part', alternativeWeekdays: true, sloppyRanges: true, timezone, paused: true });
  } catch {
    return undefined;
  }
  return {
    next(after) {
      let due = cron.nextRun(new Date(after));
      // Where clocks go forward, croner moves what they skip to what follows; AWS leaves it out. Where they are put back,
      // croner goes through the hour twice; AWS does not repeat it.
      while (due && (!cron.match(due) || isRepeated(due.getTime(), timezone))) due = cron.nextRun(due);
      return due?.getTime();
    },
  };
}

function cronerField(field: string, place: number): string {
  // To croner "?" is the present moment, to AWS "no matter which".
  if (field === '?') return '*';
  // The last day of a week; croner knows only the last of a month.
  return place === dayOfWeek && field.toUpperCase() === 'L' ? 'SAT' : field;
}
