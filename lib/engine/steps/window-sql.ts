import { quoted, type WindowColumn, type WindowShape } from '../../component/shape.ts';
import { rowColumn } from '../relation.ts';

/**
 * SQL of a column that looks at the other rows of its key. Rows that are equal in the order are decided by their place
 * in the source, so that the same input always gives the same values.
 */
export function windowSql({ keys, order }: WindowShape, { call, frame, peers }: WindowColumn): string {
  const by = keys.length > 0 ? `PARTITION BY ${keys.map(quoted).join(', ')} ` : '';
  const columns = order.map(({ column, descending }) => `${quoted(column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`);
  if (!peers) columns.push(rowColumn);
  return `${call.sql}\n OVER (${by}ORDER BY ${columns.join(', ')}${frame ? ` ${frame}` : ''})`;
}
