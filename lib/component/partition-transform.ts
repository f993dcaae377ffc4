import { murmurOfBytes, murmurOfLong } from './murmur-sql.ts';
import { quoted } from './shape.ts';

/** A value that readers work out from a column themselves: the table has no column of it. */
export interface PartitionTransform {
  /** Of the folder. */
  readonly name: string;
  readonly column: string;
  /** As Iceberg spells it, e.g. `day` or `bucket[16]`. */
  readonly transform: string;
}

/** What `transformOf` understands. */
export const transformForms = 'year(c), month(c), day(c), hour(c), bucket(n, c), truncate(n, c)';

/** Reads a transform of a column, e.g. `day(at)` or `bucket(16, id)`; undefined where the text is none. */
export function transformOf(text: string): PartitionTransform | undefined {
  const match = /^(?:(year|month|day|hour)\((.+)\)|(bucket|truncate)\(([1-9]\d{0,5}),\s*(.+)\))$/.exec(text);
  if (!match) return undefined;
  const [, period, of, counted, count] = match;
  const column = (of ?? match[5])!.trim();
  if (period) return { name: `${column}_${period}`, column, transform: period };
  return { name: `${column}_${counted}_${count}`, column, transform: `${counted}[${count}]` };
}

const microsecondsPerHour = 3_600_000_000;
const days = /^(DATE|TIMESTAMP( WITH TIME ZONE)?)$/;
const integers = /^(INTEGER|BIGINT)$/;

/** SQL of the value that a transform makes of a column; undefined where it cannot take a column of that type. */
export function transformSql({ column, transform }: PartitionTransform, type: string): string | undefined {
  const value = quoted(column);
  const [, kind, count] = /^(\w+?)(?:\[(\d+)\])?$/.exec(transform)!;
  switch (kind) {
    case 'year':
      return days.test(type) ? `(year(${value}) - 1970)::INTEGER` : undefined;
    case 'month':
      return days.test(type) ? `((year(${value}) - 1970) * 12 + month(${value}) - 1)::INTEGER` : undefined;
    case 'day':
      return days.test(type) ? `${value}::DATE` : undefined;
    case 'hour':
      return days.test(type) && type !== 'DATE'
        ? `(${floored(`epoch_us(${value})`, microsecondsPerHour)} // ${microsecondsPerHour})::INTEGER`
        : undefined;
    case 'bucket':
      return bucketSql(value, type, count!);
    default:
      if (type === 'VARCHAR') return `left(${value}, ${count})`;
      return integers.test(type) ? `(${floored(value, Number(count))})::${type}` : undefined;
  }
}

function bucketSql(value: string, type: string, buckets: string): string | undefined {
  const hash = hashSql(value, type);
  return hash && `((${hash} & 2147483647) % ${buckets})::INTEGER`;
}

function hashSql(value: string, type: string): string | undefined {
  switch (type) {
    case 'INTEGER':
    case 'BIGINT':
      return murmurOfLong(`${value}::BIGINT`);
    case 'DATE':
      return murmurOfLong(`(${value} - DATE '1970-01-01')::BIGINT`);
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP WITH TIME ZONE':
      return murmurOfLong(`epoch_us(${value})`);
    case 'UUID':
      return murmurOfBytes(`replace(${value}::VARCHAR, '-', '')`);
    case 'VARCHAR':
    case 'BLOB':
      return murmurOfBytes(`hex(${value})`);
    default:
      return undefined;
  }
}

/** The multiple of `step` at or below a number; DuckDB's own remainder has the sign of the number. */
function floored(value: string, step: number): string {
  return `(${value} - ((${value} % ${step}) + ${step}) % ${step})`;
}
