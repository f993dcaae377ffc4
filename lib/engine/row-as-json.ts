import { withLeaves } from '../component/nested-type.ts';
import type { Column } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';

/** A value of a row: SQL, its type, and the name that it goes by. */
export interface JsonMember extends Pick<Column, 'name' | 'type'> {
  /** Default: the column of that name. */
  readonly sql?: string;
}

const integer = /^U?(TINY|SMALL|BIG)?INT(EGER)?$/;
const nested = /\]$|^(STRUCT|MAP)/;
/** Types with values that a number of JSON cannot be, and types that hold some. */
const lossy = /DECIMAL|HUGEINT|DOUBLE|FLOAT/;

/**
 * SQL of a row as JSON text. Every value can be had again from it: what a number of JSON would round (decimals, integers
 * beyond 64 bits) or cannot be (NaN) stands as text.
 */
export function rowAsJson(columns: readonly JsonMember[]): string {
  const members = columns.map(({ name, type, sql = quoted(name) }) => `${literal(name)}, ${jsonOf(sql, type)}`);
  return `json_object(${members.join(', ')})::VARCHAR`;
}

function jsonOf(sql: string, type: string): string {
  if (type === 'VARCHAR' || type === 'BOOLEAN' || integer.test(type)) return sql;
  if (type === 'DOUBLE' || type === 'FLOAT')
    return `CASE WHEN isfinite(${sql}) THEN to_json(${sql}) ELSE to_json(${sql}::VARCHAR) END`;
  if (!nested.test(type)) return `${sql}::VARCHAR`;
  const json = `to_json(${sql})`;
  if (!lossy.test(type)) return json;
  // Where JSON would round a number, or has none for it, all of its kind stand as text.
  const texts = withLeaves(type, (leaf) => (lossy.test(leaf) ? 'VARCHAR' : leaf));
  const exact = `TRY_CAST(${json} AS ${type}) IS NOT DISTINCT FROM ${sql} AND NOT regexp_matches(${json}::VARCHAR, 'NaN|Infinity')`;
  return `CASE WHEN ${exact} THEN ${json} ELSE to_json(${sql}::${texts}) END`;
}
