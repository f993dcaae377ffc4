import { decimalParts } from './schema.ts';
import type { TableValue } from './table-value.ts';

const microsecondsPerSecond = 1_000_000n;
const millisecondsPerDay = 86_400_000;

/**
 * A value that DuckDB printed, as one of Iceberg's. Undefined where it has none there (infinite dates, years beyond
 * 9999 or before 1): a bound is then left out, which is always right.
 */
export function parseValue(type: string, text: string): TableValue | undefined {
  if (decimalParts(type)) return unscaled(text, decimalParts(type)!.scale);
  switch (type) {
    case 'boolean':
      return text === 'true' || text === '1';
    case 'int':
      return Number(text);
    case 'long':
      return BigInt(text);
    case 'float':
      // Manifests give it back as 32 bits hold it, and a partition is found again by its value.
      return Math.fround(fraction(text));
    case 'double':
      return fraction(text);
    case 'date':
      return days(text);
    case 'time':
      return microsecondsOfDay(text);
    case 'timestamp':
    case 'timestamptz':
      return microseconds(text);
    case 'binary':
      return undefined;
    default:
      return text;
  }
}

/** NaN of `nan`. */
function fraction(text: string): number {
  return Number(text.replace(/inf(inity)?$/i, 'Infinity'));
}

function unscaled(text: string, scale: number): bigint | undefined {
  const match = /^(-?)(\d*)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction = ''] = match;
  const value = BigInt(`${whole}${fraction.padEnd(scale, '0')}`);
  return sign ? -value : value;
}

function days(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  return Date.parse(`${text}T00:00:00Z`) / millisecondsPerDay;
}

function microsecondsOfDay(text: string): bigint | undefined {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) return undefined;
  const [, hours, minutes, seconds, fraction = ''] = match;
  const whole = BigInt(hours!) * 3600n + BigInt(minutes!) * 60n + BigInt(seconds!);
  return whole * microsecondsPerSecond + BigInt(fraction.padEnd(6, '0'));
}

/** Sessions print timestamps with a zone as UTC: `+00` at the end. */
function microseconds(text: string): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?:\+00(?::00)?)?$/.exec(text);
  if (!match) return undefined;
  return BigInt(days(match[1]!)!) * 86_400n * microsecondsPerSecond + microsecondsOfDay(match[2]!)!;
}
