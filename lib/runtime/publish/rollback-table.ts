import { second } from '../../core/durations.ts';
import { CommitConflictError } from '../../core/errors/commit-conflict-error.ts';
import { TerminalError } from '../../core/errors/terminal-error.ts';
import { currentSnapshot, type Snapshot, type TableMetadata } from '../../iceberg/table-metadata.ts';
import { tableMetadataKey } from '../keys.ts';
import type { Ports } from '../ports/ports.ts';
import { commitOfMetadata, readMetadata } from './read-table.ts';
import { uriOf } from './table-files.ts';

/** A table has no such state, or none at all. */
export class TableVersionUnknownError extends TerminalError {
  override readonly name = 'TableVersionUnknownError';
  readonly code = 'TABLE_VERSION_UNKNOWN';
}

export interface RolledBack {
  readonly table: string;
  /** What readers saw before, and what they see now. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

const mostAttempts = 8;

/**
 * Lets readers see an earlier state of a table again, in one conditional step. No file and no state is removed, so that
 * a rollback can be rolled back. Later runs go on from there. Throws `TableVersionUnknownError`, `CommitConflictError`.
 */
export async function rollbackTable(
  ports: Pick<Ports, 'objects' | 'tables' | 'clock'>,
  { table, to }: { readonly table: string; readonly to: number },
): Promise<RolledBack> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const pointer = await ports.tables.pointer(table);
    if (pointer.metadata === undefined) throw unknown(table, to, []);
    const base = await readMetadata(ports.objects, pointer.metadata);
    const snapshot = base.snapshots.find((one) => one['sequence-number'] === to);
    if (!snapshot) throw unknown(table, to, base.snapshots);
    const from = currentSnapshot(base)?.['sequence-number'] ?? 0;
    const rows = Number(snapshot.summary['total-records'] ?? 0);
    if (from === to) return { table, from, to, rows };
    const next = goneBack(base, snapshot, { file: uriOf(ports.objects, pointer.metadata), at: ports.clock.now() });
    const place = pointer.metadata.replace(/metadata\/[^/]+$/, '');
    const key = tableMetadataKey(place, pointer.version + 1, `rollback-${to}`);
    await ports.objects.createText(key, JSON.stringify(next));
    if ((await ports.tables.compact(commitOfMetadata(table, key, next))) === 'committed')
      return { table, from, to, rows };
    await ports.clock.sleep(Math.random() * Math.min(2 ** attempt * 100, 5 * second));
  }
  throw new CommitConflictError({
    problem: `runs moved the table "${table}" on each time`,
    received: `${mostAttempts} lost races`,
    change: 'try again when fewer runs publish it',
  });
}

function goneBack(
  base: TableMetadata,
  snapshot: Snapshot,
  { file, at }: { readonly file: string; readonly at: number },
): TableMetadata {
  const id = snapshot['snapshot-id'];
  const now = Math.max(at, base['last-updated-ms']);
  return {
    ...base,
    'last-updated-ms': now,
    'current-snapshot-id': id,
    refs: { ...base.refs, main: { 'snapshot-id': id, type: 'branch' } },
    'snapshot-log': [...base['snapshot-log'], { 'timestamp-ms': now, 'snapshot-id': id }],
    'metadata-log': [...base['metadata-log'], { 'timestamp-ms': base['last-updated-ms'], 'metadata-file': file }],
  };
}

function unknown(table: string, to: number, snapshots: readonly Snapshot[]): TableVersionUnknownError {
  return new TableVersionUnknownError({
    problem: `the table "${table}" has no such version`,
    received: to,
    allowed: snapshots.length > 0 ? snapshots.map((one) => one['sequence-number']) : 'nothing: it was never published',
    change: 'take one that its log names',
  });
}
