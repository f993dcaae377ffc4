import { second } from '../../core/durations.ts';
import { CommitConflictError } from '../../core/errors/commit-conflict-error.ts';
import type { BaseMetadata } from '../../iceberg/metadata-log.ts';
import type { TableMetadata } from '../../iceberg/table-metadata.ts';
import { tableMetadataKey } from '../keys.ts';
import type { Ports } from '../ports/ports.ts';
import { commitOfMetadata, readMetadata } from '../publish/read-table.ts';
import { uriOf } from '../publish/table-files.ts';
import { neverPublished } from './table-state.ts';

export type MovePorts = Pick<Ports, 'objects' | 'tables' | 'clock'>;

interface Move {
  readonly table: string;
  /** Says all that the move does; part of the key of its metadata. */
  readonly name: string;
  /** What follows a state; undefined where that may stay. */
  next(base: BaseMetadata, now: number): TableMetadata | undefined | Promise<TableMetadata | undefined>;
  /** Told once, before anything is written, where there is something to change. */
  begins?(): Promise<void>;
}

const mostAttempts = 8;

/**
 * Moves a table to metadata that is made of its own, in one conditional step. A run that publishes meanwhile wins, and
 * the move is made behind it. Returns the state that it was made from, and the one behind it.
 * Throws `CommitConflictError`, `TableVersionUnknownError` for a table that is not there.
 */
export async function moveTable(
  ports: MovePorts,
  { table, name, next, begins }: Move,
): Promise<{ readonly before: TableMetadata; readonly after: TableMetadata }> {
  const { objects, tables, clock } = ports;
  let begun = false;
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const pointer = await tables.pointer(table);
    if (pointer.metadata === undefined) throw neverPublished(table, table);
    const before = await readMetadata(objects, pointer.metadata);
    const after = await next({ metadata: before, file: uriOf(objects, pointer.metadata) }, clock.now());
    if (after === undefined) return { before, after: before };
    if (!begun) await begins?.();
    begun = true;
    const key = tableMetadataKey(placeOfMetadata(pointer.metadata), pointer.version + 1, name);
    // An earlier attempt may have written the same, at another time.
    const written = (await objects.createText(key, JSON.stringify(after))) === 'written';
    const made = written ? after : await readMetadata(objects, key);
    if ((await tables.compact(commitOfMetadata(table, key, made))) === 'committed') return { before, after: made };
    await clock.sleep(Math.random() * Math.min(2 ** attempt * 100, 5 * second));
  }
  throw new CommitConflictError({
    problem: `runs moved the table "${table}" on each time`,
    received: `${mostAttempts} lost races`,
    change: 'try again when fewer runs publish it',
  });
}

/** Prefix of a table, from the key of one of its versions. */
export function placeOfMetadata(metadata: string): string {
  return metadata.replace(/metadata\/[^/]+$/, '');
}
