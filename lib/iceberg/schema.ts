import type { TableField } from '../component/table-type.ts';

/** A schema as table metadata holds it (Iceberg v2). */
export interface TableSchema {
  readonly type: 'struct';
  readonly 'schema-id': number;
  readonly fields: readonly TableField[];
  readonly 'identifier-field-ids'?: readonly number[];
}

/** Precision and scale of a decimal type; undefined for any other. */
export function decimalParts(type: string): { precision: number; scale: number } | undefined {
  const match = /^decimal\((\d+), ?(\d+)\)$/.exec(type);
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : undefined;
}
