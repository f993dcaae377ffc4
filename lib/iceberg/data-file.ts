import type { TableValue } from './table-value.ts';

/** What a manifest says of one file. Maps go by field id. */
export interface DataFile {
  /** URI. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** In the order of the partition spec; null where the value is. */
  readonly partition: readonly (TableValue | null)[];
  readonly columns: ReadonlyMap<number, ColumnStatistics>;
}

export interface ColumnStatistics {
  /** Bytes of the column in the file. */
  readonly bytes?: number;
  /** Values, nulls included. */
  readonly values?: number;
  readonly nulls?: number;
  readonly nans?: number;
  readonly lower?: Uint8Array;
  readonly upper?: Uint8Array;
}

/** A file as a manifest lists it. */
export interface ManifestEntry {
  readonly status: 'existing' | 'added' | 'deleted';
  /** Inherited from the manifest list where absent. */
  readonly snapshotId?: number;
  readonly sequence?: number;
  readonly fileSequence?: number;
  readonly file: DataFile;
}
