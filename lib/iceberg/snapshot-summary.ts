import type { DataFile } from './data-file.ts';
import type { ManifestSummary } from './manifest-list.ts';
import type { Snapshot, SnapshotOperation } from './table-metadata.ts';

interface Changed {
  readonly added: readonly DataFile[];
  readonly removed: readonly DataFile[];
  readonly before: Snapshot | undefined;
  /** All of the new snapshot. */
  readonly manifests: readonly ManifestSummary[];
  readonly facts: Readonly<Record<string, string>> | undefined;
}

/** Counts that readers show and engines plan with; names by the spec, appendix F. */
export function snapshotSummary({ added, removed, before, manifests, facts }: Changed): Snapshot['summary'] {
  const bytes = (files: readonly DataFile[]) => files.reduce((sum, file) => sum + file.bytes, 0);
  const rows = (files: readonly DataFile[]) => files.reduce((sum, file) => sum + file.rows, 0);
  const total = (of: 'files' | 'rows') =>
    manifests.reduce((sum, manifest) => sum + manifest[of].added + manifest[of].existing, 0);
  const changed = new Set([...added, ...removed].map(({ partition }) => partition.map(String).join('\u0000')));
  const bytesBefore = Number(before?.summary['total-files-size'] ?? 0);
  const counts = {
    'added-data-files': added.length,
    'added-records': rows(added),
    'added-files-size': bytes(added),
    'deleted-data-files': removed.length,
    'deleted-records': rows(removed),
    'removed-files-size': bytes(removed),
    'changed-partition-count': changed.size,
    'total-records': total('rows'),
    'total-data-files': total('files'),
    'total-files-size': bytesBefore + bytes(added) - bytes(removed),
    'total-delete-files': 0,
    'total-position-deletes': 0,
    'total-equality-deletes': 0,
  };
  return {
    ...facts,
    operation: operationOf(added.length > 0, removed.length > 0),
    ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
  };
}

function operationOf(adds: boolean, removes: boolean): SnapshotOperation {
  if (!removes) return 'append';
  return adds ? 'overwrite' : 'delete';
}
