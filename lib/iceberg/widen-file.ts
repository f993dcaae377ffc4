import type { DataFile } from './data-file.ts';
import type { PartitionSpec } from './partition-spec.ts';
import type { TableSchema } from './schema.ts';
import { singleValue } from './single-value.ts';
import { resultType } from './transform.ts';

/** Types that columns have got in the place of narrower ones, by field id. Of decimals the bounds stay as they are. */
export function widenedTypes(before: TableSchema | undefined, now: TableSchema): ReadonlyMap<number, string> {
  const known = new Map(before?.fields.map(({ id, type }) => [id, type]));
  return new Map(
    now.fields.flatMap(({ id, type }) => {
      const widened = (type === 'long' && known.get(id) === 'int') || (type === 'double' && known.get(id) === 'float');
      return widened ? [[id, type] as const] : [];
    }),
  );
}

/**
 * What a manifest says of a file, with bounds and partition values of the wider types: not every reader takes bounds of the
 * narrower ones, and a copy of a file has its partition as the table had it before.
 */
export function widenFile(file: DataFile, types: ReadonlyMap<number, string>, spec: PartitionSpec): DataFile {
  const columns = [...file.columns].map(([id, { lower, upper, ...counts }]) => {
    const type = types.get(id);
    const wide = (bytes: Uint8Array | undefined) => (type === undefined || !bytes ? bytes : widened(type, bytes));
    return [id, { ...counts, lower: wide(lower), upper: wide(upper) }] as const;
  });
  const partition = spec.fields.map(({ transform, 'source-id': id }, index) => {
    const value = file.partition[index]!;
    return typeof value === 'number' && resultType(transform, types.get(id) ?? '') === 'long' ? BigInt(value) : value;
  });
  return { ...file, partition, columns: new Map(columns) };
}

function widened(type: string, bytes: Uint8Array): Uint8Array {
  const stored = Buffer.from(bytes);
  if (stored.length !== 4) return bytes;
  return type === 'long' ? singleValue(type, BigInt(stored.readInt32LE())) : singleValue(type, stored.readFloatLE());
}
