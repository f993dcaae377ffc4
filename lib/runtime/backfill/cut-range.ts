import { parameterText } from '../../component/parameter.ts';
import { day } from '../../core/durations.ts';
import { BackfillRefusedError } from '../../core/errors/backfill-refused-error.ts';
import { durationPattern, parseDuration } from '../../core/parse-duration.ts';

/** A part of a range, by its bounds as a parameter takes them; `to` is not in it. */
export interface Slice {
  readonly from: string;
  readonly to: string;
}

/** What a slice is given of its bounds. */
export function boundsOf(slice: Slice, bounds: readonly (keyof Slice)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(bounds.map((name) => [name, slice[name]]));
}

/** Types of parameters that can bound a range. */
export type RangeType = 'date' | 'timestamp';

const mostSlices = 10_000;
const monthPattern = /^([1-9]\d{0,3}) months?$/;

/**
 * Cuts a range into slices of one length, the last one shorter where it does not come out even. Throws
 * `BackfillRefusedError`.
 * @param slice e.g. `6 hours`, `1 day`, `1 month`
 */
export function cutRange(type: RangeType, { from, to }: Slice, slice: string): readonly Slice[] {
  const [start, end] = [timeOf(from), timeOf(to)];
  if (start >= end)
    throw new BackfillRefusedError({
      problem: 'the range ends before it begins',
      received: `from ${from} to ${to}`,
      allowed: 'a range whose end, which is not in it, lies behind its beginning',
      change: 'nothing was started: swap them, or give a later end',
    });
  const next = stepOf(type, slice);
  if (next(start) > end)
    throw new BackfillRefusedError({
      problem: 'a slice is larger than the range',
      received: `slices of ${slice}, from ${from} to ${to}`,
      allowed: 'slices of at most the length of the range',
      change: 'nothing was started: give a shorter slice, or a longer range',
    });
  const slices: Slice[] = [];
  for (let at = start; at < end; ) {
    const until = Math.min(next(at), end);
    slices.push({ from: textOf(type, at), to: textOf(type, until) });
    at = until;
    if (slices.length > mostSlices)
      throw new BackfillRefusedError({
        problem: 'the range has too many slices',
        received: `slices of ${slice}, from ${from} to ${to}`,
        allowed: `at most ${mostSlices} slices`,
        change: 'nothing was started: give a longer slice, or a shorter range',
      });
  }
  return slices;
}

/** Where the slice ends that begins at a time. */
function stepOf(type: RangeType, slice: string): (at: number) => number {
  const months = Number(monthPattern.exec(slice)?.[1]);
  if (months) return (at) => laterBy(at, months);
  const length = durationPattern.test(slice) ? parseDuration(slice) : Number.NaN;
  if (length > 0 && (type === 'timestamp' || length % day === 0)) return (at) => at + length;
  throw new BackfillRefusedError({
    problem:
      type === 'date' && length > 0 ? 'days can not be cut into shorter slices' : 'that is not the length of a slice',
    received: slice,
    allowed: type === 'date' ? '"1 day", "2 weeks", "1 month"…' : '"6 hours", "1 day", "2 weeks", "1 month"…',
    change: 'nothing was started: give one of these forms',
  });
}

/** A month has the same day as the one before, or its last one. */
function laterBy(at: number, months: number): number {
  const date = new Date(at);
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(dayOfMonth, last));
  return date.getTime();
}

/** Milliseconds since the epoch of a canonical text. */
export function timeOf(text: string): number {
  return Date.parse(text.includes(' ') ? `${text.replace(' ', 'T')}Z` : `${text}T00:00:00Z`);
}

function textOf(type: RangeType, at: number): string {
  const text = new Date(at).toISOString();
  return parameterText(type, type === 'date' ? text.slice(0, 10) : text)!;
}
