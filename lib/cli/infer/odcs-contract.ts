import { Document, type YAMLMap } from 'yaml';
import type { InferredColumn, InferredFile, InferredValue } from '../../engine/index.ts';
import { describeColumn } from './describe-column.ts';
import { describeFile } from './describe-file.ts';

/** A contract as a file of the Open Data Contract Standard 3.1, for `odcs()` and for YAML pipelines. */
export function odcsContract(
  file: InferredFile,
  { name, from }: { readonly name: string; readonly from: string },
): string {
  const { columns, key } = file;
  const properties = columns.map((column) => propertyOf(column, key));
  const document = new Document({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: name,
    name,
    version: '1.0.0',
    status: 'draft',
    schema: [{ name, logicalType: 'object', properties }],
  });
  document.commentBefore = ` ${describeFile(file, from)}`;
  for (const [index, column] of columns.entries()) {
    const node = document.getIn(['schema', 0, 'properties', index]) as YAMLMap;
    node.commentBefore = ` ${describeColumn(column)}`;
  }
  return document.toString({ lineWidth: 0 });
}

const logicalTypes: Readonly<Record<string, object>> = {
  BOOLEAN: { logicalType: 'boolean' },
  BIGINT: { logicalType: 'integer' },
  HUGEINT: { logicalType: 'integer', logicalTypeOptions: { format: 'i128' } },
  DOUBLE: { logicalType: 'number' },
  FLOAT: { logicalType: 'number', logicalTypeOptions: { format: 'f32' } },
  DATE: { logicalType: 'date' },
  TIMESTAMP: { logicalType: 'timestamp' },
  TIME: { logicalType: 'time' },
  UUID: { logicalType: 'string', logicalTypeOptions: { format: 'uuid' } },
};

function propertyOf({ name, nullable, unique, nested, ...value }: InferredColumn, key: string | undefined): object {
  return {
    name,
    ...typeOf(nested ?? { nullable, ...value }),
    required: !nullable,
    ...(name === key && unique && { primaryKey: true, primaryKeyPosition: 1 }),
  };
}

function typeOf(value: InferredValue): object {
  if ('list' in value)
    return { logicalType: 'array', items: { ...typeOf(value.list), required: !value.list.nullable } };
  if ('members' in value) {
    const properties = value.members.map((one) => ({
      name: one.name,
      ...typeOf(one.value),
      required: !one.value.nullable,
    }));
    return { logicalType: 'object', properties };
  }
  const { type, format } = value;
  return {
    ...(type.startsWith('DECIMAL')
      ? { logicalType: 'number', physicalType: type }
      : format
        ? { logicalType: 'string', logicalTypeOptions: { format } }
        : (logicalTypes[type] ?? { logicalType: 'string' })),
  };
}
