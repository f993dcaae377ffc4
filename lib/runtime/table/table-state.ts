import type { Snapshot, TableMetadata } from '../../iceberg/table-metadata.ts';
import { TableVersionUnknownError } from './errors.ts';

/** A state of a table: the number that its log gives it or the id of its snapshot, or what readers saw at a time. */
export type StateRequest = { readonly version: number } | { readonly at: number };

/** Finds a state that can still be read. Throws `TableVersionUnknownError`. */
export function snapshotOf(table: string, metadata: TableMetadata, wanted: StateRequest): Snapshot {
  const { snapshots } = metadata;
  const found =
    'version' in wanted
      ? snapshots.find((one) => one['sequence-number'] === wanted.version || one['snapshot-id'] === wanted.version)
      : atTime(metadata, wanted.at);
  if (found) return found;
  const first = metadata['snapshot-log'][0];
  throw new TableVersionUnknownError({
    problem:
      'version' in wanted && wanted.version >= 1 && wanted.version <= metadata['last-sequence-number']
        ? `the version of the table "${table}" was removed by expire, and cannot be read any more`
        : `the table "${table}" has no such version`,
    received: 'version' in wanted ? wanted.version : new Date(wanted.at).toISOString(),
    allowed:
      'version' in wanted
        ? snapshots.map((one) => one['sequence-number'])
        : `a time from ${first ? new Date(first['timestamp-ms']).toISOString() : 'its first run'} on`,
    change: 'take one that `penstock table log` names',
  });
}

function atTime(metadata: TableMetadata, at: number): Snapshot | undefined {
  const seen = metadata['snapshot-log'].findLast((entry) => entry['timestamp-ms'] <= at);
  return seen && metadata.snapshots.find((one) => one['snapshot-id'] === seen['snapshot-id']);
}

/** A table that nobody has published yet. */
export function neverPublished(table: string, received: string | number): TableVersionUnknownError {
  return new TableVersionUnknownError({
    problem: `the table "${table}" was never published`,
    received,
    allowed: 'nothing',
    change: 'name a table that a run has published',
  });
}
