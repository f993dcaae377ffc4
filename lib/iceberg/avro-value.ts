import { decimalParts } from './schema.ts';
import { singleValue, twosComplement } from './single-value.ts';
import type { TableValue } from './table-value.ts';

/** The Avro type of a partition value (spec, appendix A). */
export function avroType(type: string, fieldId: number): unknown {
  const decimal = decimalParts(type);
  if (decimal) {
    const size = decimalBytes(decimal.precision);
    return { type: 'fixed', name: `decimal_${fieldId}`, size, logicalType: 'decimal', ...decimal };
  }
  switch (type) {
    case 'date':
      return { type: 'int', logicalType: 'date' };
    case 'time':
      return { type: 'long', logicalType: 'time-micros' };
    case 'timestamp':
    case 'timestamptz':
      return { type: 'long', logicalType: 'timestamp-micros', 'adjust-to-utc': type === 'timestamptz' };
    case 'uuid':
      return { type: 'fixed', name: `uuid_${fieldId}`, size: 16, logicalType: 'uuid' };
    case 'binary':
      return 'bytes';
    default:
      return type;
  }
}

/** A value as `avroType` wants it. */
export function toAvro(type: string, value: TableValue | null): unknown {
  if (value === null) return null;
  const decimal = decimalParts(type);
  if (decimal) return twosComplement(value as bigint, decimalBytes(decimal.precision));
  return type === 'uuid' || type === 'binary' ? singleValue(type, value) : value;
}

export function fromAvro(type: string, value: unknown): TableValue | null {
  if (value === null || value === undefined) return null;
  if (decimalParts(type)) {
    const bytes = value as Buffer;
    return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  }
  // The column may have been an int when the manifest was written.
  if (type === 'long') return BigInt(value as bigint | number);
  if (type !== 'uuid') return value as TableValue;
  return (value as Buffer).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The fewest bytes that hold every decimal of a precision. */
function decimalBytes(precision: number): number {
  const largest = 10n ** BigInt(precision) - 1n;
  return twosComplement(largest).length;
}
