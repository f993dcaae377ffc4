import { second } from './durations.ts';

/**
 * The seconds of a Retry-After header: a number, or a date in the form of HTTP. Undefined where it says neither.
 * @param now what time it is for whoever has sent it, in milliseconds since the epoch
 */
export function retryAfterSeconds(value: string, now: number): number | undefined {
  const text = value.trim();
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text));
  // Date.parse takes much that is no date of HTTP, numbers among it.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / second));
}
