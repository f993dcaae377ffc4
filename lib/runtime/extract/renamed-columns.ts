import { isExport } from '../../component/output-place.ts';
import type { OutputNode } from '../../component/plan.ts';
import { storableType } from '../../engine/stored-type.ts';
import { columnIds } from '../../iceberg/column-ids.ts';
import { outputs, type PipelineCode } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { readMetadata } from '../publish/read-table.ts';
import type { ColumnIds } from './pinned-inputs.ts';

/**
 * The ids of columns that were renamed, or are to be, as their tables have them: files are written long before it is known
 * on which version of the table they land. Undefined where all ids follow from names. Throws `TableSchemaError`.
 */
export async function renamedColumns(
  { objects, tables }: Pick<Ports, 'objects' | 'tables'>,
  { plan }: PipelineCode,
): Promise<ColumnIds | undefined> {
  const found: Record<string, ColumnIds[string]> = {};
  for (const { id, table, columns, renamed } of outputs(plan)) {
    if (!renamed || isExport(table)) continue;
    const { metadata } = await tables.pointer(table);
    if (metadata === undefined) continue;
    const ids = columnIds(await readMetadata(objects, metadata), asStored(columns), renamed);
    if (Object.keys(ids).length > 0) found[id] = ids;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

function asStored(columns: OutputNode['columns']) {
  return columns.map(({ name, type }) => ({ name, type: storableType(type) ?? type }));
}
