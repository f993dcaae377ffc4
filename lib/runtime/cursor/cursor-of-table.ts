import { isExport } from '../../component/output-place.ts';
import { CursorLostError } from '../../core/errors/cursor-lost-error.ts';
import type { Ports } from '../ports/ports.ts';
import type { TablePointer } from '../ports/table-catalog.ts';
import { readMetadata } from '../publish/read-table.ts';
import { readVersion } from '../publish/read-version.ts';
import { cursorFactOf, cursorFactsOf, lostCursors } from './cursor-facts.ts';

/**
 * How far a source was taken into what readers of a table or export see; undefined where it was not. Throws
 * `CursorLostError` where that was removed along with snapshots.
 */
export async function cursorOfTable(
  ports: Pick<Ports, 'objects'>,
  { table, metadata }: TablePointer,
  { pipeline, source }: { readonly pipeline: string; readonly source: string },
): Promise<string | undefined> {
  if (metadata === undefined) return undefined;
  const facts = isExport(table)
    ? ((await readVersion(ports, metadata)).cursors ?? {})
    : cursorFactsOf(await readMetadata(ports.objects, metadata));
  const position = facts[cursorFactOf(pipeline, source)];
  if (position !== undefined || facts[lostCursors] === undefined) return position;
  throw new CursorLostError({
    problem: `how far the source "${source}" was taken into the table "${table}" is not known any more: all snapshots that said it were removed`,
    received: 'a snapshot of another writer, and none of Penstock before it',
    allowed: 'a table that has the last snapshot of Penstock, whoever wrote since',
    change: `nothing was read: look into the table for the last value, and say it with \`npx penstock cursor set ${pipeline} ${source} <value>\``,
  });
}
