import { realClock } from '../core/clock.ts';
import type { Ports } from '../runtime/ports/ports.ts';
import { readMetadata } from '../runtime/publish/read-table.ts';
import { type Expired, type Expiry, expireTable } from '../runtime/table/expire-table.ts';
import { noteUpkeep } from '../runtime/table/note-upkeep.ts';
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
  const done = await rollbackTable({ ...ports, clock }, request);
  const { table, from, to } = done;
  if (from !== to) await noteUpkeep({ ...ports, clock }, { table, action: 'rollback', by, detail: { from, to } });
  return done;
}

/** Forgets old states of a table. Throws `TableVersionUnknownError`, `CommitConflictError`. */
export async function expireOnAws(ports: UpkeepPorts, { by, ...expiry }: Expiry & Doer): Promise<Expired> {
  const clock = realClock();
  const done = await expireTable({ ...ports, clock }, expiry);
  const { table, versions, files } = done;
  if (versions.length > 0)
    await noteUpkeep({ ...ports, clock }, { table, action: 'expire', by, detail: { versions, files } });
  return done;
}

/** Finds files that no state of a table names. Throws `GraceTooShortError`, `TableVersionUnknownError`. */
export async function orphansOnAws(
  ports: UpkeepPorts & Pick<Ports, 'runs'>,
  { by, ...search }: OrphanSearch & Doer,
): Promise<Orphans> {
  const clock = realClock();
  const found = await orphanFiles({ ...ports, clock }, search);
  const { table, files, bytes, removed } = found;
  if (removed && files.length > 0)
    await noteUpkeep(
      { ...ports, clock },
      { table, action: 'remove-orphans', by, detail: { files: files.length, bytes } },
    );
  return found;
}
