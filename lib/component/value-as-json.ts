import { withLeaves } from './nested-type.ts';

const integer = /^U?(TINY|SMALL|BIG)?INT(EGER)?$/;
/** Types whose text is JSON: lists, structures and maps. */
export const nestedType = /\]$|^(STRUCT|MAP)/;
/** Types with values that a number of JSON cannot be, and types that hold some. */
const lossy = /DECIMAL|HUGEINT|DOUBLE|FLOAT/;
/** Decimals of which DuckDB writes ".5", which is no number of JSON. */
const allFraction = /DECIMAL\((\d+), ?\1\)/;

/**
 * SQL of a value as JSON. It can be had again: numbers that JSON would round (decimals, integers beyond 64 bits) or cannot
 * write (NaN) stand as text, and so do times.
 * @param type DuckDB type that it has
 */
export function valueAsJson(sql: string, type: string): string {
  if (type === 'VARCHAR' || type === 'BOOLEAN' || integer.test(type)) return sql;
  if (type === 'DOUBLE' || type === 'FLOAT')
    return `CASE WHEN isfinite(${sql}) THEN to_json(${sql}) ELSE to_json(${sql}::VARCHAR) END`;
  if (!nestedType.test(type)) return `${sql}::VARCHAR`;
  const json = `to_json(${sql})`;
  if (!lossy.test(type)) return json;
  // Where JSON would round a number, or has none for it, all of its kind stand as text.
  const texts = withLeaves(type, (leaf) => (lossy.test(leaf) ? 'VARCHAR' : leaf));
  if (allFraction.test(type)) return `to_json(${sql}::${texts})`;
  const exact = `TRY_CAST(${json} AS ${type}) IS NOT DISTINCT FROM ${sql} AND NOT regexp_matches(${json}::VARCHAR, 'NaN|Infinity')`;
  return `CASE WHEN ${exact} THEN ${json} ELSE to_json(${sql}::${texts}) END`;
}
