import type { TableMetadata } from './table-metadata.ts';

/** Older metadata files are forgotten by the log behind so many, and may then be removed. */
const longestMetadataLog = 100;

/** A state of a table that a catalog has pointed to. */
export interface BaseMetadata {
  readonly metadata: TableMetadata;
  /** URI. */
  readonly file: string;
}

/** The log of metadata files for what follows `base`. */
export function metadataLog({ metadata, file }: BaseMetadata): TableMetadata['metadata-log'] {
  const last = { 'timestamp-ms': metadata['last-updated-ms'], 'metadata-file': file };
  return [...metadata['metadata-log'], last].slice(-longestMetadataLog);
}

/** Now, or when the table was changed last: clocks differ between machines, and logs must not go back in time. */
export function timeOfChange(before: TableMetadata | undefined, now: number): number {
  return Math.max(now, before?.['last-updated-ms'] ?? 0);
}
