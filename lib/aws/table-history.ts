import { realClock } from '../core/clock.ts';
import type { Ports } from '../runtime/ports/ports.ts';
import { readMetadata } from '../runtime/publish/read-table.ts';
import { type Expired, type Expiry, expireTable } from '../runtime/table/expire-table.ts';
import { noteUpkeep, type Upkeep } from '../runtime/table/note-upkeep.ts';
import { type OrphanSearch, type Orphans, orphanFiles } from '../runtime/table/orphan-files.ts';
import { type RolledBack, rollbackTable } from '../runtime/table/rollback-table.ts';
import { type TableLogEntry, tableLog } from '../runtime/table/table-log.ts';
import type { StateRequest } from '../runtime/table/table-state.ts';

export type { Expired, Expiry, OrphanSearch, Orphans, RolledBack, StateRequest, TableLogEntry };

type HistoryPorts = Pick<Ports, 'objects' | 'tables'>;
type UpkeepPorts = HistoryPorts & Pick<Ports, 'audit'>;

export interface Doer {
  /** Who does it; kept in the audit. */
  readonly by: string;
}

/** The states of a table that can still be read, newest first; none of a table that was never published. */
export async function tableLogOnAws({ objects, tables }: HistoryPorts, table: string): Promise<TableLogEntry[]> {
  const { metadata } = await tables.pointer(table);
  return metadata === undefined ? [] : tableLog(await readMetadata(objects, metadata));
}

/** Lets readers see an earlier state of a table again. Throws `TableVersionUnknownError`, `CommitConflictError`. */
export async function rollbackOnAws(
  ports: UpkeepPorts,
  { by, ...request }: { readonly table: string; readonly to: StateRequest } & Doer,
): Promise<RolledBack> {
  const clock = realClock();
  const note = noting({ ...ports, clock }, { table: request.table, action: 'rollback', by });
  const done = await rollbackTable({ ...ports, clock }, { ...request, begins: () => note('begun', { ...request.to }) });
  const { from, to } = done;
  if (from !== to) await note('done', { from, to });
  return done;
}

/** Forgets old states of a table. Throws `TableVersionUnknownError`, `CommitConflictError`. */
export async function expireOnAws(ports: UpkeepPorts, { by, ...expiry }: Expiry & Doer): Promise<Expired> {
  const clock = realClock();
  const { table, before, keep } = expiry;
  const note = noting({ ...ports, clock }, { table, action: 'expire', by });
  const done = await expireTable({ ...ports, clock }, { ...expiry, begins: () => note('begun', { before, keep }) });
  const { versions, files } = done;
  if (versions.length > 0) await note('done', { versions, files });
  return done;
}

/** Finds files that no state of a table names. Throws `GraceTooShortError`, `TableVersionUnknownError`. */
export async function orphansOnAws(
  ports: UpkeepPorts & Pick<Ports, 'runs'>,
  { by, ...search }: OrphanSearch & Doer,
): Promise<Orphans> {
  const clock = realClock();
  const { table, before } = search;
  const note = noting({ ...ports, clock }, { table, action: 'remove-orphans', by });
  const found = await orphanFiles({ ...ports, clock }, { ...search, begins: () => note('begun', { before }) });
  const { files, bytes, removed } = found;
  if (removed && files.length > 0) await note('done', { files: files.length, bytes });
  return found;
}

/**
 * Notes before anything is changed that it begins, and behind it what came of it. The table is in another store than the
 * audit: of who is cut off between the two the first entry is left.
 */
function noting(ports: Parameters<typeof noteUpkeep>[0], upkeep: Omit<Upkeep, 'detail'>) {
  return (outcome: 'begun' | 'done', facts: Upkeep['detail']) =>
    noteUpkeep(ports, { ...upkeep, detail: { ...facts, outcome } });
}
