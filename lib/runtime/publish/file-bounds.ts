import type { TableField } from '../../component/table-type.ts';
import type { KeyBounds } from '../../engine/index.ts';
import { printValue } from '../../iceberg/print-value.ts';
import type { TableSchema } from '../../iceberg/schema.ts';
import { fromSingleValue } from '../../iceberg/single-value.ts';
import type { TableDataFile } from './read-table.ts';

/**
 * What a manifest says of the values of columns in a file; of a column that is left out they may be any.
 * @param names default: all columns
 */
export function boundsByColumn(
  file: Pick<TableDataFile, 'columns' | 'rows'>,
  schema: Pick<TableSchema, 'fields'>,
  names?: readonly string[],
): Readonly<Record<string, KeyBounds>> {
  const fields = schema.fields.filter(({ name }) => names === undefined || names.includes(name));
  const known = fields.flatMap((field) => {
    const bounds = boundsOf(field, file);
    return bounds ? [[field.name, bounds] as const] : [];
  });
  return Object.fromEntries(known);
}

/** Undefined where they say too little. */
function boundsOf(
  { id, type }: TableField,
  { columns, rows }: Pick<TableDataFile, 'columns' | 'rows'>,
): KeyBounds | undefined {
  const found = columns.get(id);
  if (!found || found.nulls === undefined || typeof type !== 'string') return undefined;
  const nulls = found.nulls > 0;
  if (found.nulls === rows) return { nulls };
  const [lower, upper] = [found.lower, found.upper].map((bytes) => {
    const value = bytes && fromSingleValue(type, bytes);
    return value === undefined ? undefined : printValue(type, value);
  });
  return lower === undefined || upper === undefined ? undefined : { lower, upper, nulls };
}
