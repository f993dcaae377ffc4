import type { ContractField } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import type { Check } from './rejects.ts';

/** How one contract field is made from a column as it was read, and what would be wrong with it. */
export interface FieldSql {
  /** The typed value. */
  readonly value: string;
  readonly checks: readonly Check[];
}

const integerTypes = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
]);
const floatTypes = new Set(['FLOAT', 'DOUBLE']);

/**
 * SQL for one field. Nothing is rounded: a value that would not survive the conversion unchanged is bad.
 * @param readType DuckDB type of the column as it was read; VARCHAR for text formats
 */
export function fieldSql(field: ContractField, readType: string): FieldSql {
  const column = quoted(field.name);
  const value = readType === field.type ? column : `TRY_CAST(${column} AS ${field.type})`;
  const checks: Check[] = [];
  const check = (rule: string, bad: string, message: string) =>
    checks.push({ rule, column: field.name, bad, value: column, message });
  if (!field.nullable) check(`${field.name} is present`, `${column} IS NULL`, 'is missing');
  if (readType !== field.type)
    check(
      `${field.name} is ${field.type}`,
      `${column} IS NOT NULL AND ${changed(column, value, readType, field.type)}`,
      `is not ${article(field.type)}`,
    );
  if (floatTypes.has(field.type)) check(`${field.name} is finite`, `NOT isfinite(${value})`, 'is not a finite number');
  for (const rule of field.rules) {
    // The rule names the column; here it must see the typed value.
    const expression = value === column ? rule.expression : rule.expression.replaceAll(column, value);
    check(rule.name, `${value} IS NOT NULL AND NOT (${expression})`, rule.message);
  }
  return { value, checks };
}

/** True where the conversion fails or loses something. */
function changed(column: string, value: string, from: string, to: string): string {
  if (from !== 'VARCHAR') return `(${value} IS NULL OR TRY_CAST(${value} AS ${from}) IS DISTINCT FROM ${column})`;
  // DuckDB reads "1.5" as the integer 2 and "1e3" as 1000.
  if (integerTypes.has(to)) return `(${value} IS NULL OR NOT regexp_full_match(${column}, '\\s*[+-]?[0-9]+\\s*'))`;
  return `${value} IS NULL`;
}

function article(type: string): string {
  return `${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type}`;
}
