import { avroType } from './avro-value.ts';
import type { PartitionSpec } from './partition-spec.ts';

const required = (id: number, name: string, type: unknown) => ({ name, type, 'field-id': id });
const optional = (id: number, name: string, type: unknown) => ({
  name,
  type: ['null', type],
  default: null,
  'field-id': id,
});

/** A map of Iceberg with keys that are no text: an array of pairs (spec, appendix A). */
function byField(id: number, name: string, [keyId, valueId]: readonly [number, number], value: string) {
  const pair = {
    type: 'record',
    name: `k${keyId}_v${valueId}`,
    fields: [required(keyId, 'key', 'int'), required(valueId, 'value', value)],
  };
  return optional(id, name, { type: 'array', logicalType: 'map', items: pair });
}

/** Avro schema of the entries of a manifest (v2). */
export function manifestSchema(spec: PartitionSpec, types: readonly string[]): object {
  const partition = {
    type: 'record',
    name: 'r102',
    fields: spec.fields.map((field, index) =>
      optional(field['field-id'], avroName(field.name), avroType(types[index]!, field['field-id'])),
    ),
  };
  const dataFile = {
    type: 'record',
    name: 'r2',
    fields: [
      required(134, 'content', 'int'),
      required(100, 'file_path', 'string'),
      required(101, 'file_format', 'string'),
      required(102, 'partition', partition),
      required(103, 'record_count', 'long'),
      required(104, 'file_size_in_bytes', 'long'),
      byField(108, 'column_sizes', [117, 118], 'long'),
      byField(109, 'value_counts', [119, 120], 'long'),
      byField(110, 'null_value_counts', [121, 122], 'long'),
      byField(137, 'nan_value_counts', [138, 139], 'long'),
      byField(125, 'lower_bounds', [126, 127], 'bytes'),
      byField(128, 'upper_bounds', [129, 130], 'bytes'),
      optional(131, 'key_metadata', 'bytes'),
      optional(132, 'split_offsets', { type: 'array', items: 'long', 'element-id': 133 }),
      optional(135, 'equality_ids', { type: 'array', items: 'int', 'element-id': 136 }),
      optional(140, 'sort_order_id', 'int'),
    ],
  };
  return {
    type: 'record',
    name: 'manifest_entry',
    fields: [
      required(0, 'status', 'int'),
      optional(1, 'snapshot_id', 'long'),
      optional(3, 'sequence_number', 'long'),
      optional(4, 'file_sequence_number', 'long'),
      required(2, 'data_file', dataFile),
    ],
  };
}

/** Avro schema of a manifest list (v2). */
export const manifestListSchema = {
  type: 'record',
  name: 'manifest_file',
  fields: [
    required(500, 'manifest_path', 'string'),
    required(501, 'manifest_length', 'long'),
    required(502, 'partition_spec_id', 'int'),
    required(517, 'content', 'int'),
    required(515, 'sequence_number', 'long'),
    required(516, 'min_sequence_number', 'long'),
    required(503, 'added_snapshot_id', 'long'),
    required(504, 'added_files_count', 'int'),
    required(505, 'existing_files_count', 'int'),
    required(506, 'deleted_files_count', 'int'),
    required(512, 'added_rows_count', 'long'),
    required(513, 'existing_rows_count', 'long'),
    required(514, 'deleted_rows_count', 'long'),
    optional(507, 'partitions', {
      type: 'array',
      'element-id': 508,
      items: {
        type: 'record',
        name: 'r508',
        fields: [
          required(509, 'contains_null', 'boolean'),
          optional(518, 'contains_nan', 'boolean'),
          optional(510, 'lower_bound', 'bytes'),
          optional(511, 'upper_bound', 'bytes'),
        ],
      },
    }),
    optional(519, 'key_metadata', 'bytes'),
  ],
};

/** Names of Avro are letters, digits and `_`; readers go by the field id, so that any name that is one will do. */
export function avroName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_]/g, (letter) => `_x${letter.codePointAt(0)!.toString(16).toUpperCase()}`);
  return /^\d/.test(safe) ? `_${safe}` : safe;
}
