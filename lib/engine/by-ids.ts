import type { TableColumn } from '../component/field-id.ts';
import { literal } from '../component/shape.ts';

/**
 * SQL of the option by which DuckDB reads columns of Parquet files by their ids, whatever they are called there: under the
 * table's names, in its types, NULL where a file has none. Everything that reads files of a table whose columns were others
 * once reads them by it.
 */
export function byIds(columns: readonly TableColumn[]): string {
  const members = columns.map(
    ({ name, type, ids }) => `${ids.id}: {name: ${literal(name)}, type: ${literal(type)}, default_value: NULL}`,
  );
  return `schema = MAP {${members.join(', ')}}`;
}
