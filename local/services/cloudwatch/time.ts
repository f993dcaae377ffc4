import { invalidValue } from './errors.ts';

/** Over HTTP a time is seconds since the epoch, from other services it is a Date. Gives milliseconds. */
export function milliseconds(time: unknown): number {
  if (time instanceof Date) return time.getTime();
  if (typeof time === 'number') return time * 1000;
  const parsed = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(parsed)) throw invalidValue(`${time} is not a time.`);
  return parsed;
}
