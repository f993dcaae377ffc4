import { realClock } from '../core/clock.ts';
import type { Ports } from '../runtime/ports/ports.ts';
import { readMetadata } from '../runtime/publish/read-table.ts';
import { type RolledBack, rollbackTable } from '../runtime/publish/rollback-table.ts';
import { type TableLogEntry, tableLog } from '../runtime/publish/table-log.ts';

export type { RolledBack, TableLogEntry };

type HistoryPorts = Pick<Ports, 'objects' | 'tables'>;

/** The states of a table that can still be read, newest first; none of a table that was never published. */
export async function tableLogOnAws({ objects, tables }: HistoryPorts, table: string): Promise<TableLogEntry[]> {
  const { metadata } = await tables.pointer(table);
  return metadata === undefined ? [] : tableLog(await readMetadata(objects, metadata));
}

/** Lets readers see an earlier state of a table again. Throws `TableVersionUnknownError`, `CommitConflictError`. */
export function rollbackOnAws(
  ports: HistoryPorts,
  request: { readonly table: string; readonly to: number },
): Promise<RolledBack> {
  return rollbackTable({ ...ports, clock: realClock() }, request);
}
