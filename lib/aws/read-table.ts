import { boundsByColumn } from '../runtime/publish/file-bounds.ts';
import {
  currentSchema,
  type EarlierState,
  readTable as read,
  type TableDataFile,
  type TableState,
} from '../runtime/publish/read-table.ts';
import type { S3ObjectStore } from './s3-object-store.ts';

export type { EarlierState };

export interface TableContents extends Pick<TableState, 'columns' | 'byId' | 'partitionBy'> {
  readonly files: readonly (TableDataFile & { readonly bounds: ReturnType<typeof boundsByColumn> })[];
}

/** Reads what a table holds, from the key of its metadata. */
export async function readTable(
  objects: S3ObjectStore,
  metadata: string,
  earlier?: EarlierState,
): Promise<TableContents> {
  const state = await read(objects, metadata, earlier);
  const files = state.files.map((file) => ({ ...file, bounds: boundsByColumn(file, currentSchema(state.metadata)) }));
  return { ...state, files };
}
