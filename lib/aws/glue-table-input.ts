import type { Column, Table, TableInput } from '@aws-sdk/client-glue';
import { currentSchema } from '../runtime/publish/read-table.ts';

type Metadata = Parameters<typeof currentSchema>[0];
type FieldType = ReturnType<typeof currentSchema>['fields'][number]['type'];

interface CatalogEntry {
  readonly name: string;
  /** URI of the metadata. */
  readonly location: string;
  readonly metadata: Metadata;
  /** What the catalog says of the table now. */
  readonly before: Table | undefined;
}

/** What the catalog is told of a table: where its metadata is, and, for people who look there, its columns. */
export function tableInput({ name, location, metadata, before }: CatalogEntry): TableInput {
  return {
    Name: name,
    // What others have written beside it stays.
    ...(before?.Description && { Description: before.Description }),
    ...(before?.Owner && { Owner: before.Owner }),
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      ...before?.Parameters,
      table_type: 'ICEBERG',
      metadata_location: location,
      ...(before?.Parameters?.metadata_location && { previous_metadata_location: before.Parameters.metadata_location }),
    },
    StorageDescriptor: { Location: metadata.location, Columns: columnsOf(metadata) },
  };
}

function columnsOf(metadata: Metadata): Column[] {
  return currentSchema(metadata).fields.map(({ id, name, type, required }) => ({
    Name: name,
    Type: hiveType(type),
    Parameters: {
      'iceberg.field.id': String(id),
      'iceberg.field.optional': String(!required),
      'iceberg.field.current': 'true',
    },
  }));
}

/** Types that the catalog calls otherwise; all other names are the same. */
const hiveTypes: Readonly<Record<string, string>> = {
  long: 'bigint',
  time: 'string',
  timestamptz: 'timestamp',
  uuid: 'string',
};

function hiveType(type: FieldType): string {
  if (typeof type === 'string') return hiveTypes[type] ?? type.replace(', ', ',');
  if (type.type === 'list') return `array<${hiveType(type.element)}>`;
  return `struct<${type.fields.map((field) => `${field.name}:${hiveType(field.type)}`).join(',')}>`;
}
