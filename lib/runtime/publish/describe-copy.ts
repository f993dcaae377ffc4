import type { OutputFile } from '../../engine/chunk.ts';
import type { DataFile } from '../../iceberg/data-file.ts';
import { describeFile } from '../../iceberg/describe-file.ts';
import { metricsProperty } from '../../iceberg/rename-properties.ts';
import type { TableMetadata } from '../../iceberg/table-metadata.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { countsOnly, currentSchema } from './read-table.ts';
import { uriOf } from './table-files.ts';

/** A stored file with rows that a table had in other files. */
export interface CopiedFile extends Pick<OutputFile, 'rows' | 'bytes' | 'columns'> {
  readonly key: string;
}

/** What a manifest says of it; the partition is that of the files that it is made of. */
export function describeCopy(
  objects: Pick<ObjectStore, 'uri'>,
  { key, rows, bytes, columns = {} }: CopiedFile,
  metadata: TableMetadata,
): Omit<DataFile, 'partition'> {
  const facts = { path: uriOf(objects, key), rows, bytes, columns: withoutValues(columns, metadata.properties) };
  return describeFile({ ...facts, partition: [] }, currentSchema(metadata), { 'spec-id': 0, fields: [] });
}

/** What may be told of the columns: of some the table wants nobody to know values. */
function withoutValues(columns: Columns, properties: Readonly<Record<string, string>>): Columns {
  const facts = Object.entries(columns).map(([name, all]) => {
    if (properties[`${metricsProperty}${name}`] !== countsOnly) return [name, all];
    const { min, max, ...counts } = all;
    return [name, counts];
  });
  return Object.fromEntries(facts);
}

type Columns = NonNullable<OutputFile['columns']>;
