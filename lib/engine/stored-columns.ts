import type { FieldIds } from '../component/field-id.ts';
import type { OutputNode } from '../component/plan.ts';
import { restrictedColumns } from '../component/restricted-columns.ts';
import type { StoredColumn } from './field-ids.ts';
import { storableType } from './stored-type.ts';

/**
 * Columns of a table as its files hold them.
 * @param ids of columns that do not have those of their names. Default: all have
 */
export function storedColumns(
  node: Pick<OutputNode, 'columns' | 'classified'>,
  ids: Readonly<Record<string, FieldIds>> = {},
): StoredColumn[] {
  const closed = restrictedColumns(node);
  return node.columns.map(({ name, type }) => ({
    name,
    type: storableType(type) ?? type,
    ...(closed.has(name) && { restricted: true }),
    ...(Object.hasOwn(ids, name) && { ids: ids[name]! }),
  }));
}
