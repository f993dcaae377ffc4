import { mayHoldLongNumber } from '../../component/exact-json.ts';
import { isNested } from '../../component/nested-type.ts';
import type { ContractField } from '../../component/plan.ts';
import { literal, quoted } from '../../component/shape.ts';
import { holdsNumber } from '../../component/significand.ts';
import type { Check } from '../rejects.ts';

/** SQL that is true for a text that begins with a letter, so that it can be neither a number nor hold one. */
export function surelyNoNumber({ name }: Pick<ContractField, 'name'>): string {
  const column = quoted(name);
  return `(${column} IS NULL OR ${noNumber(column)})`;
}

function noNumber(column: string): string {
  return `(${column} >= ':' AND ${column} < '[') OR (${column} >= '\\' AND ${column} < '{') OR ${column} >= '|'`;
}

/**
 * A number with more digits than a DOUBLE holds reaches a text field rounded: DuckDB's JSON reader keeps none of them.
 * Such a row is bad.
 * @param line column with the whole record
 * @param keyOf key of a field in it
 */
export function digitChecks(
  texts: readonly ContractField[],
  line: string,
  keyOf: (field: string) => string = (field) => field,
): Check[] {
  return texts.map(({ name: field }): Check => {
    const column = quoted(field);
    const type = `json_type(${line}, ${literal(`/${keyOf(field).replaceAll('~', '~0').replaceAll('/', '~1')}`)})`;
    const verbatim = [',', '}', ' '].map((end) => `contains(${line}, ${column} || '${end}')`).join(' OR ');
    const long = `regexp_matches(${column}, '[0-9.]{16,}')`;
    const rounded = `(${type} = 'DOUBLE' OR (${type} IN ('ARRAY', 'OBJECT') AND ${long})) AND NOT (${verbatim} OR (${type} = 'DOUBLE' AND ${holdsNumber(line, column)}))`;
    // Only CASE leaves out what is not needed, and nearly no line has such a number.
    const bad = [
      `CASE WHEN ${column} IS NULL OR ${noNumber(column)} THEN false`,
      `WHEN NOT ${mayHoldLongNumber(line)} THEN false ELSE ${rounded} END`,
    ];
    return {
      rule: `${field} keeps its digits`,
      column: field,
      bad: bad.join(' '),
      value: column,
      message: 'is what would be left of a longer number',
    };
  });
}

/**
 * True for fields whose values DuckDB's JSON reader may round: those that keep more digits of a fraction than a DOUBLE has,
 * and a DOUBLE itself, which is 0 for what is next to it. A text is held against its record instead.
 */
export function losesDigits({ type }: Pick<ContractField, 'type'>): boolean {
  return /DECIMAL|FLOAT|DOUBLE/.test(type) || (isNested(type) && /VARCHAR/.test(type));
}

/**
 * SQL that is true for a value that DuckDB's JSON reader may have rounded. Where the record holds the value just as it was
 * read, nothing is lost, and that is the cheaper question.
 * @param read SQL of the value as text
 */
export function mayBeRounded(
  line: string,
  { name: key, type }: Pick<ContractField, 'name' | 'type'>,
  read: string,
): string {
  const name = JSON.stringify(key);
  if (!/DECIMAL|VARCHAR/.test(type))
    return `CASE WHEN ${read} IS NULL OR NOT contains(${read}, '0.0') THEN false ELSE ${mayHoldLongNumber(line)} END`;
  const verbatim = [':', ': ']
    .flatMap((colon) => [',', '}'].map((end) => `contains(${line}, ${literal(name + colon)} || ${read} || '${end}')`))
    .join(' OR ');
  return `CASE WHEN ${read} IS NULL OR ${verbatim} THEN false ELSE ${mayHoldLongNumber(line)} END`;
}
