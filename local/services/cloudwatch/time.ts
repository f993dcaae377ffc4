import { invalidValue } from './errors.ts';

/** Over HTTP a time is seconds since the epoch, from other services it is a Date. Gives milliseconds. */
export function milliseconds(time: unknown): number {
  if (time instanceof Date) return time.getTime();
  const parsed = typeof time === 'number' ? time * 1000 : typeof time === 'string' ? Date.parse(time) : Number.NaN;
  // Beyond what a date can be, too.
  if (Number.isNaN(new Date(parsed).getTime())) throw invalidValue(`${time} is not a time.`);
  return parsed;
}
