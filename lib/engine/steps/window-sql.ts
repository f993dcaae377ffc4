import { quoted, type WindowColumn, type WindowShape } from '../../component/shape.ts';
import { rowColumn } from '../relation.ts';

/**
 * SQL of a column that looks at the other rows of its key. Rows that are equal in the order are decided by their place
 * in the source, so that the same input always gives the same values.
 */
export function windowSql(shape: WindowShape, column: WindowColumn): string {
  return `${column.call.sql}\n ${overSql(shape, column)}`;
}

/** SQL of the rows that a window function looks at. */
export function overSql({ keys, order }: WindowShape, { frame, peers }: Pick<WindowColumn, 'frame' | 'peers'>): string {
  const by = keys.length > 0 ? `PARTITION BY ${keys.map(quoted).join(', ')} ` : '';
  const columns = order.map(({ column, descending }) => `${quoted(column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`);
  if (!peers) columns.push(rowColumn);
  return `OVER (${by}ORDER BY ${columns.join(', ')}${frame ? ` ${frame}` : ''})`;
}
