import type { OutputNode } from '../component/plan.ts';
import { restrictedColumns } from '../component/restricted-columns.ts';
import type { StoredColumn } from './field-ids.ts';
import { storableType } from './stored-type.ts';

/** Columns of a table as its files hold them. */
export function storedColumns(node: Pick<OutputNode, 'columns' | 'classified'>): StoredColumn[] {
  const closed = restrictedColumns(node);
  return node.columns.map(({ name, type }) => ({
    name,
    type: storableType(type) ?? type,
    ...(closed.has(name) && { restricted: true }),
  }));
}
