import { isExport } from '../../component/output-place.ts';
import type { Ports } from '../ports/ports.ts';
import type { TablePointer } from '../ports/table-catalog.ts';
import { readMetadata } from '../publish/read-table.ts';
import { readVersion } from '../publish/read-version.ts';
import { cursorFactOf, cursorFactsOf } from './cursor-facts.ts';

/** How far a source was taken into what readers of a table or export see; undefined where it was not. */
export async function cursorOfTable(
  ports: Pick<Ports, 'objects'>,
  { table, metadata }: TablePointer,
  { pipeline, source }: { readonly pipeline: string; readonly source: string },
): Promise<string | undefined> {
  if (metadata === undefined) return undefined;
  const facts = isExport(table)
    ? ((await readVersion(ports, metadata)).cursors ?? {})
    : cursorFactsOf(await readMetadata(ports.objects, metadata));
  return facts[cursorFactOf(pipeline, source)];
}
