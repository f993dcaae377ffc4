import { concurrently } from '../../core/concurrently.ts';
import { expireSnapshots } from '../../iceberg/expire-snapshots.ts';
import type { Snapshot, TableMetadata } from '../../iceberg/table-metadata.ts';
import { tellingSnapshot } from '../cursor/cursor-facts.ts';
import type { Ports } from '../ports/ports.ts';
import { runFact } from '../publish/read-table.ts';
import { keyOf } from '../publish/table-files.ts';
import { type MovePorts, moveTable } from './move-table.ts';
import { reachableFiles } from './reachable-files.ts';

export interface Expiry {
  readonly table: string;
  /** States from before this time go, in milliseconds since the epoch. */
  readonly before: number;
  /** So many of the newest states stay in any case; at least 1. */
  readonly keep: number;
  /** Told once, before anything is changed, where there is something to forget. */
  begins?(): Promise<void>;
}

export interface Expired {
  readonly table: string;
  /** Versions that can be read no longer. */
  readonly versions: readonly number[];
  /** Versions that can. */
  readonly kept: readonly number[];
  /** Files that were removed. */
  readonly files: number;
}

/**
 * Forgets old states of a table and removes the files that no other state has. The state that readers see stays, and so
 * does every one that another writer has given a name. The table forgets first, so that nothing that it names is ever
 * missing; what a crash leaves behind is an orphan. Throws `CommitConflictError`, `TableVersionUnknownError`.
 */
export async function expireTable(ports: MovePorts & Pick<Ports, 'objects'>, expiry: Expiry): Promise<Expired> {
  const { table } = expiry;
  let gone: readonly Snapshot[] = [];
  const { begins } = expiry;
  const { before, after } = await moveTable(ports, {
    table,
    ...(begins && { begins }),
    name: `expire-${expiry.before}-${expiry.keep}`,
    async next(base, now) {
      gone = expiring(base.metadata, expiry);
      await noteCommits(ports, table, gone);
      const ids = new Set(gone.map((snapshot) => snapshot['snapshot-id']));
      return gone.length === 0 ? undefined : expireSnapshots(base, ids, now);
    },
  });
  const numbers = (snapshots: readonly Snapshot[]) => snapshots.map((one) => one['sequence-number']);
  const [old, kept] = await Promise.all([
    reachableFiles(ports.objects, before, gone),
    reachableFiles(ports.objects, after, gone.length === 0 ? [] : after.snapshots),
  ]);
  const keys = [...old].filter((file) => !kept.has(file)).map((file) => keyOf(ports.objects, file));
  for (let start = 0; start < keys.length; start += 1000) await ports.objects.remove(keys.slice(start, start + 1000));
  return { table, versions: numbers(gone), kept: numbers(after.snapshots), files: keys.length };
}

function expiring(metadata: TableMetadata, { before, keep }: Expiry): readonly Snapshot[] {
  const { snapshots, refs } = metadata;
  const newest = snapshots.toSorted((a, b) => b['sequence-number'] - a['sequence-number']).slice(0, Math.max(1, keep));
  const kept = new Set([
    metadata['current-snapshot-id'],
    ...Object.values(refs).map((ref) => ref['snapshot-id']),
    ...newest.map((snapshot) => snapshot['snapshot-id']),
    // Behind one of another writer, it is what says how far sources were taken.
    tellingSnapshot(metadata).snapshot?.['snapshot-id'],
  ]);
  return snapshots.filter((snapshot) => snapshot['timestamp-ms'] < before && !kept.has(snapshot['snapshot-id']));
}

/**
 * A run that died behind its commit is known to have made it by the snapshot alone: before that goes, the catalog is asked,
 * which then writes it down. Otherwise a repeated commit would publish the rows once more.
 */
async function noteCommits({ tables }: MovePorts, table: string, gone: readonly Snapshot[]): Promise<void> {
  const runs = new Set(gone.flatMap(({ summary }) => summary[runFact] ?? []));
  await concurrently([...runs], 8, (run) => tables.commitOf(table, run));
}
