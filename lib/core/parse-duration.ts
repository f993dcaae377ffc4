import { day, hour, minute, second } from './durations.ts';

const units: Readonly<Record<string, number>> = { second, minute, hour, day, week: 7 * day };

/** How a duration is written, for schemas: `90 minutes`, `1 day`. */
export const durationPattern = /^([1-9]\d{0,5}) (second|minute|hour|day|week)s?$/;

/** Milliseconds of a duration in words. Throws `TypeError` for text that `durationPattern` does not match. */
export function parseDuration(text: string): number {
  const [, count, unit] = durationPattern.exec(text) ?? [];
  if (count === undefined) throw new TypeError(`"${text}" is not a duration`);
  return Number(count) * units[unit!]!;
}

/** A duration in words, in the largest unit that leaves a whole part: `36 h` is `1.5 days`. */
export function describeDuration(milliseconds: number): string {
  const [name, unit] = Object.entries(units).findLast(([, one]) => Math.abs(milliseconds) >= one) ?? ['second', second];
  const count = Math.round((milliseconds / unit) * 10) / 10;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
