import { fieldConversion } from '../component/field-conversion.ts';
import type { ContractField } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import { notFinite, offCalendar } from './off-calendar.ts';
import type { FileFit } from './read/fit-columns.ts';
import type { Check } from './rejects.ts';

/** How the columns of a contract are made from columns as they were read, and what would be wrong with a row. */
export interface TypedFields {
  /** SQL of what a row holds once it is typed: each field under its name, and its value as it was read beside it. */
  readonly select: string;
  /** Asked of the typed rows. */
  readonly checks: readonly Check[];
  /** Cheap tests of the typed rows: a row that passes all of them breaks no check, and nearly every good row does. */
  readonly sure: readonly string[];
  /** SQL of the columns that hold values as they were read, by their names in the file; the field's own where it was read typed. */
  readonly given: Readonly<Record<string, string>>;
}

/**
 * Types fields and checks them. Nothing is rounded: a value that would not survive the conversion unchanged is bad.
 * Rules are asked of the typed rows, in which the field's name stands for its typed value.
 * @param types DuckDB type of each column as it was read; VARCHAR for text formats
 * @param fit which column stands for which field; absent: each for the one of its name
 */
export function typedFields(
  fields: readonly ContractField[],
  types: Readonly<Record<string, string>>,
  fit?: FileFit,
): TypedFields {
  const select: string[] = [];
  const checks: Check[] = [];
  const sure: string[] = [];
  // Without a prototype: a column may be called "constructor".
  const givenOf: Record<string, string> = Object.create(null);
  for (const [index, field] of fields.entries()) {
    const column = quoted(field.name);
    const source = fit ? fit.sources[field.name] : field.name;
    if (source === undefined) {
      select.push(`NULL::${field.type} AS ${column}`);
      checks.push(...checksOf(field, { given: column, kept: undefined }));
      if (!field.nullable) sure.push('false');
      continue;
    }
    const read = quoted(source);
    const type = types[source]!;
    const same = type === field.type;
    const given = same ? column : `__given_${index}`;
    givenOf[source] = given;
    const { value } = fieldConversion(read, type, field.type);
    const { kept, surelyKept } = fieldConversion(given, type, field.type);
    select.push(
      same ? (source === field.name ? column : `${read} AS ${column}`) : `${value} AS ${column}, ${read} AS ${given}`,
    );
    checks.push(...checksOf(field, { given, kept: same ? undefined : kept(column) }));
    const tests = testsOf(field, same ? {} : { kept: surelyKept(column), text: type === 'VARCHAR' });
    if (!field.nullable) sure.push(...(same ? [`${column} IS NOT NULL`] : []), ...tests);
    else if (tests.length > 0) sure.push(`(${given} IS NULL OR (${tests.join(' AND ')}))`);
  }
  return { select: select.join(', '), checks, sure, given: givenOf };
}

function checksOf(field: ContractField, { given, kept }: { given: string; kept: string | undefined }): Check[] {
  const column = quoted(field.name);
  const checks: Check[] = [];
  const check = (rule: string, bad: string, message: string, besides = bad) =>
    checks.push({ rule, column: field.name, bad, besides, value: given, message });
  if (!field.nullable) check(`${field.name} is present`, `${given} IS NULL`, 'is missing');
  if (kept !== undefined)
    check(`${field.name} is ${field.type}`, `${given} IS NOT NULL AND NOT ${kept}`, `is not ${article(field.type)}`);
  const infinite = notFinite(column, field.type);
  // What a text is too large for is another number, and was told so. Of hundreds of columns DuckDB plans that for seconds.
  const whole = kept === undefined ? '' : `${kept} AND `;
  if (infinite) check(`${field.name} is finite`, `${whole}${infinite}`, 'is not finite', infinite);
  // Text that is no moment of the calendar was not converted; values of other files were.
  const beyond = offCalendar(column, field.type);
  if (beyond) check(`${field.name} is on the calendar`, beyond, 'is none of the years 1 to 9999');
  for (const rule of field.rules)
    check(rule.name, `${column} IS NOT NULL AND NOT (${rule.expression}\n)`, rule.message);
  return checks;
}

/** What is true of a good value, and of none that is not there where it was converted. */
function testsOf(field: ContractField, { kept, text = false }: { kept?: string; text?: boolean }): string[] {
  const tests = kept === undefined ? [] : [kept];
  // Of a number in a text that was asked already.
  const asked = text && /^(FLOAT|DOUBLE)$/.test(field.type);
  const infinite = asked ? undefined : notFinite(quoted(field.name), field.type);
  if (infinite) tests.push(infinite.startsWith('NOT ') ? infinite.slice(4) : `NOT coalesce(${infinite}, false)`);
  const beyond = text ? undefined : offCalendar(quoted(field.name), field.type);
  if (beyond) tests.push(`NOT coalesce(${beyond}, false)`);
  return [...tests, ...field.rules.map((rule) => `(${rule.expression}\n)`)];
}

function article(type: string): string {
  return `${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type}`;
}
