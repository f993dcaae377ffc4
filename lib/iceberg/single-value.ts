import { decimalParts } from './schema.ts';
import type { TableValue } from './table-value.ts';

/** Iceberg's binary single-value serialization, as bounds are stored (spec, appendix D). */
export function singleValue(type: string, value: TableValue): Buffer {
  if (decimalParts(type)) return twosComplement(value as bigint);
  switch (type) {
    case 'boolean':
      return Buffer.from([value ? 1 : 0]);
    case 'int':
    case 'date':
      return written(4, (bytes) => bytes.writeInt32LE(value as number));
    case 'long':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return written(8, (bytes) => bytes.writeBigInt64LE(value as bigint));
    case 'float':
      return written(4, (bytes) => bytes.writeFloatLE(value as number));
    case 'double':
      return written(8, (bytes) => bytes.writeDoubleLE(value as number));
    case 'uuid':
      return Buffer.from((value as string).replaceAll('-', ''), 'hex');
    case 'string':
      return Buffer.from(value as string, 'utf8');
    default:
      return Buffer.from(value as Uint8Array);
  }
}

/** What a bound says; undefined where this is not known of the type. Of a type that was widened since, bounds are shorter. */
export function fromSingleValue(type: string, bytes: Uint8Array): TableValue | undefined {
  const stored = Buffer.from(bytes);
  if (decimalParts(type)) return BigInt.asIntN(stored.length * 8, BigInt(`0x${stored.toString('hex')}`));
  switch (type) {
    case 'boolean':
      return stored[0] === 1;
    case 'int':
    case 'date':
      return stored.readInt32LE();
    case 'long':
      return stored.length === 4 ? BigInt(stored.readInt32LE()) : stored.readBigInt64LE();
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return stored.readBigInt64LE();
    case 'string':
      return stored.toString('utf8');
    default:
      return undefined;
  }
}

function written(size: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(size);
  write(bytes);
  return bytes;
}

/** Big-endian, as few bytes as hold the sign. */
export function twosComplement(value: bigint, size = bytesFor(value)): Buffer {
  const bytes = Buffer.alloc(size);
  let rest = BigInt.asUintN(size * 8, value);
  for (let at = size - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

function bytesFor(value: bigint): number {
  let size = 1;
  while (BigInt.asIntN(size * 8, value) !== value) size++;
  return size;
}
