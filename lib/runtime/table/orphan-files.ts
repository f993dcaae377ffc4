import { concurrently } from '../../core/concurrently.ts';
import { day } from '../../core/durations.ts';
import { TerminalError } from '../../core/errors/terminal-error.ts';
import { runOfKey } from '../keys.ts';
import type { StoredObject } from '../ports/object-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import { readMetadata } from '../publish/read-table.ts';
import { uriOf } from '../publish/table-files.ts';
import { placeOfMetadata } from './move-table.ts';
import { reachableFiles } from './reachable-files.ts';
import { neverPublished } from './table-state.ts';

/** Files are looked for that may belong to work that is on its way. */
export class GraceTooShortError extends TerminalError {
  override readonly name = 'GraceTooShortError';
  readonly code = 'GRACE_TOO_SHORT';
}

export interface OrphanSearch {
  readonly table: string;
  /** Files that were stored before this time, in milliseconds since the epoch. A day ago at the latest. */
  readonly before: number;
  /** Whether they are removed, and not only told of. */
  readonly remove: boolean;
  /** Told before the first of them is removed. */
  begins?(): Promise<void>;
}

export interface Orphans {
  readonly table: string;
  readonly files: readonly { readonly key: string; readonly bytes: number }[];
  readonly bytes: number;
  readonly removed: boolean;
}

const ended = new Set(['Completed', 'Failed', 'Cancelled']);

/**
 * Files below a table that no state of it names, left by runs that were undone or lost a race, and by what was forgotten.
 * Those of a run that has not ended, or is kept for a redrive, are none, however old. Throws `GraceTooShortError`, `TableVersionUnknownError`.
 */
export async function orphanFiles(
  ports: Pick<Ports, 'objects' | 'tables' | 'runs' | 'clock'>,
  { table, before, remove, begins }: OrphanSearch,
): Promise<Orphans> {
  const { objects, tables, runs, clock } = ports;
  if (before > clock.now() - day)
    throw new GraceTooShortError({
      problem: 'files so young may belong to work that is on its way',
      received: new Date(before).toISOString(),
      allowed: 'a time at least one day ago',
      change: 'ask for older files',
    });
  const { metadata: key } = await tables.pointer(table);
  if (key === undefined) throw neverPublished(table, table);
  const place = placeOfMetadata(key);
  // The list comes first, then the runs, then what the table names: what a run publishes in between is found to be named.
  const old = await listed(ports, { place, before });
  const alive = await runsAlive({ runs }, place, old);
  const named = await namedFiles(ports, (await tables.pointer(table)).metadata!);
  const files = old
    .filter((file) => !named.has(uriOf(objects, file.key)) && !alive.has(runOfKey(place, file.key) ?? ''))
    .map((file) => ({ key: file.key, bytes: file.size }));
  if (remove && files.length > 0) await begins?.();
  if (remove)
    for (let start = 0; start < files.length; start += 1000)
      await objects.remove(files.slice(start, start + 1000).map((file) => file.key));
  return { table, files, bytes: files.reduce((sum, file) => sum + file.bytes, 0), removed: remove };
}

async function listed(
  { objects }: Pick<Ports, 'objects'>,
  { place, before }: { readonly place: string; readonly before: number },
): Promise<readonly StoredObject[]> {
  const old: StoredObject[] = [];
  for await (const file of objects.list(place))
    if (file.modifiedAt !== undefined && file.modifiedAt < before) old.push(file);
  return old;
}

async function runsAlive(
  { runs }: Pick<Ports, 'runs'>,
  place: string,
  files: readonly StoredObject[],
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(files.flatMap(({ key }) => runOfKey(place, key) ?? []))];
  const records = await concurrently(ids, 8, (id) => runs.find(id));
  const alive = ({ state, phase }: RunRecord) => !ended.has(state) || phase === 'Kept';
  return new Set(ids.filter((_, index) => records[index] && alive(records[index])));
}

async function namedFiles({ objects }: Pick<Ports, 'objects'>, key: string): Promise<ReadonlySet<string>> {
  const metadata = await readMetadata(objects, key);
  return new Set([
    uriOf(objects, key),
    ...metadata['metadata-log'].map((entry) => entry['metadata-file']),
    ...(await reachableFiles(objects, metadata, metadata.snapshots)),
  ]);
}
