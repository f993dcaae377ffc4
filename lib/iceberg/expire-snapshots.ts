import { type BaseMetadata, metadataLog, timeOfChange } from './metadata-log.ts';
import type { TableMetadata } from './table-metadata.ts';

/**
 * Table metadata without some of its snapshots. What became of the table before the last of them is forgotten, too: a
 * history with gaps would answer for times that it does not know.
 */
export function expireSnapshots(base: BaseMetadata, gone: ReadonlySet<number>, now: number): TableMetadata {
  const { metadata } = base;
  const lastGone = metadata['snapshot-log'].findLastIndex((entry) => gone.has(entry['snapshot-id']));
  return {
    ...metadata,
    'last-updated-ms': timeOfChange(metadata, now),
    snapshots: metadata.snapshots.filter((snapshot) => !gone.has(snapshot['snapshot-id'])),
    'snapshot-log': metadata['snapshot-log'].slice(lastGone + 1),
    'metadata-log': metadataLog(base),
  };
}
