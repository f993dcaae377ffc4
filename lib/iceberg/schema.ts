/** A column of a table. The id is its identity for ever: names and order may change. */
export interface TableField {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: FieldType;
  readonly doc?: string;
}

/** A primitive type of Iceberg, e.g. `long` or `decimal(9, 2)`, or one with others inside. */
export type FieldType = string | ListType | StructType;

export interface ListType {
  readonly type: 'list';
  readonly 'element-id': number;
  readonly element: FieldType;
  readonly 'element-required': boolean;
}

export interface StructType {
  readonly type: 'struct';
  readonly fields: readonly TableField[];
}

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
