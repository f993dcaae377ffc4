import { realClock } from '../core/clock.ts';
import type { Ports } from '../runtime/ports/ports.ts';
import { readMetadata } from '../runtime/publish/read-table.ts';
import { type Expired, type Expiry, expireTable } from '../runtime/table/expire-table.ts';
import { type OrphanSearch, type Orphans, orphanFiles } from '../runtime/table/orphan-files.ts';
import { type RolledBack, rollbackTable } from '../runtime/table/rollback-table.ts';
import { type TableLogEntry, tableLog } from '../runtime/table/table-log.ts';
import type { StateRequest } from '../runtime/table/table-state.ts';

export type { Expired, Expiry, OrphanSearch, Orphans, RolledBack, StateRequest, TableLogEntry };

type HistoryPorts = Pick<Ports, 'objects' | 'tables'>;

/** The states of a table that can still be read, newest first; none of a table that was never published. */
export async function tableLogOnAws({ objects, tables }: HistoryPorts, table: string): Promise<TableLogEntry[]> {
  const { metadata } = await tables.pointer(table);
  return metadata === undefined ? [] : tableLog(await readMetadata(objects, metadata));
}

/** Lets readers see an earlier state of a table again. Throws `TableVersionUnknownError`, `CommitConflictError`. */
export function rollbackOnAws(
  ports: HistoryPorts,
  request: { readonly table: string; readonly to: StateRequest },
): Promise<RolledBack> {
  return rollbackTable({ ...ports, clock: realClock() }, request);
}

/** Forgets old states of a table. Throws `TableVersionUnknownError`, `CommitConflictError`. */
export function expireOnAws(ports: HistoryPorts, expiry: Expiry): Promise<Expired> {
  return expireTable({ ...ports, clock: realClock() }, expiry);
}

/** Finds files that no state of a table names. Throws `GraceTooShortError`, `TableVersionUnknownError`. */
export function orphansOnAws(ports: HistoryPorts & Pick<Ports, 'runs'>, search: OrphanSearch): Promise<Orphans> {
  return orphanFiles({ ...ports, clock: realClock() }, search);
}
