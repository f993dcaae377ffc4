import { decimalParts } from './schema.ts';
import type { TableValue } from './table-value.ts';

const millisecondsPerDay = 86_400_000;

/** A value as DuckDB prints it, and reads it back: what `parseValue` takes. */
export function printValue(type: string, value: TableValue): string {
  const decimal = decimalParts(type);
  if (decimal) return scaled(value as bigint, decimal.scale);
  switch (type) {
    case 'date':
      return day(value as number);
    case 'time':
      return timeOfDay(value as bigint);
    case 'timestamp':
      return moment(value as bigint);
    case 'timestamptz':
      return `${moment(value as bigint)}+00`;
    default:
      return String(value);
  }
}

function scaled(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${value < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

function day(days: number): string {
  return new Date(days * millisecondsPerDay).toISOString().slice(0, 10);
}

function timeOfDay(microseconds: bigint): string {
  const two = (value: bigint) => String(value).padStart(2, '0');
  const seconds = microseconds / 1_000_000n;
  const fraction = String(microseconds % 1_000_000n).padStart(6, '0');
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}.${fraction}`;
}

function moment(microseconds: bigint): string {
  const perDay = BigInt(millisecondsPerDay) * 1000n;
  const rest = ((microseconds % perDay) + perDay) % perDay;
  return `${day(Number((microseconds - rest) / perDay))} ${timeOfDay(rest)}`;
}
