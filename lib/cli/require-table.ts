import { isExport } from '../component/output-place.ts';
import { nearest } from '../core/nearest.ts';
import { CommandInputError } from './errors.ts';
import type { Platform } from './platform.ts';

/** Refuses a name that no run has published a table under. */
export async function requireTable({ tables }: Platform, table: string): Promise<void> {
  const names = (await tables.tables()).map((one) => one.table).filter((name) => !isExport(name));
  if (names.includes(table)) return;
  const guess = nearest(table, names);
  throw new CommandInputError({
    problem: isExport(table) ? 'an export belongs to its readers, and is no table' : 'there is no such table',
    received: table,
    allowed: names.length > 0 ? names : 'nothing yet: no table was published',
    change: guess ? `did you mean "${guess}"?` : 'name a table that a run has published',
  });
}
