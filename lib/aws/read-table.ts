import { type EarlierState, readTable as read, type TableState } from '../runtime/publish/read-table.ts';
import type { S3ObjectStore } from './s3-object-store.ts';

export type { EarlierState };
export type TableContents = Pick<TableState, 'columns' | 'partitionBy' | 'files'>;

/** Reads what a table holds, from the key of its metadata. */
export async function readTable(
  objects: S3ObjectStore,
  metadata: string,
  earlier?: EarlierState,
): Promise<TableContents> {
  return read(objects, metadata, earlier);
}
