import { contradiction } from './contradicting-checks.ts';
import { fractionDigits } from './fraction-digits.ts';
import { javascriptAsRe2 } from './javascript-pattern.ts';
import { numberLiteral } from './number-literal.ts';
import type { ContractRule } from './plan.ts';
import { literal, quoted } from './shape.ts';

/** A column's type with what zod checks beyond it. */
export interface CheckedType {
  /** DuckDB type. */
  readonly type: string;
  /** The definitions of zod's checks, in their order. */
  readonly checks: readonly any[];
  /** What a text must look like, and zod's name for it. */
  readonly pattern?: RegExp;
  readonly format?: string;
  /** The only values that are allowed. */
  readonly set?: readonly unknown[];
}

interface RuleParts {
  /** Follows the column in the rule's name. */
  readonly what: string;
  readonly expression: string;
  readonly message: string;
}

/** The rules that say the same in SQL. `refuse` makes the error for a check that has no counterpart. */
export function rulesOf(
  name: string,
  checked: CheckedType,
  refuse: (why: string) => Error,
  /** SQL of the value. Default: the column of that name. */
  column = quoted(name),
): ContractRule[] {
  const never = contradiction(checked.checks);
  if (never !== undefined) throw refuse(never);
  const parts: RuleParts[] = [];
  if (checked.set) parts.push(inSet(column, checked.set, checked.type));
  if (checked.pattern) parts.push(looksLike(column, checked.pattern, checked.format, refuse));
  // In one order, whatever the order in which they were written: contracts that say the same are the same.
  const rank = ({ check }: any) => kinds.indexOf(check);
  for (const check of [...checked.checks].sort((a, b) => rank(a) - rank(b))) {
    if (check.value instanceof Date && Number.isNaN(check.value.getTime())) throw refuse('its bound is no date');
    const rule = ruleByCheck[check.check];
    if (!rule) throw refuse(`zod's check "${check.check}" is not known here`);
    const made = rule(column, check, refuse, checked.type);
    if (made) parts.push(made);
  }
  return parts.map(({ what, expression, message }) => ({ name: `${name} ${what}`, expression, message }));
}

type RuleOf = (column: string, check: any, refuse: (why: string) => Error, type: string) => RuleParts | undefined;

const ruleByCheck: Readonly<Record<string, RuleOf>> = {
  greater_than: (column, { value, inclusive }, _, type) => {
    const sign = inclusive ? '>=' : '>';
    const message = `${inclusive ? 'is below' : 'is not above'} ${shown(value)}`;
    return { what: `${sign} ${shown(value)}`, expression: `${column} ${sign} ${boundOf(value, type)}`, message };
  },
  less_than: (column, { value, inclusive }, _, type) => {
    const sign = inclusive ? '<=' : '<';
    const message = `${inclusive ? 'is above' : 'is not below'} ${shown(value)}`;
    return { what: `${sign} ${shown(value)}`, expression: `${column} ${sign} ${boundOf(value, type)}`, message };
  },
  multiple_of: (column, { value }, refuse, type) => {
    // The rest of a division by 0 is NULL, which breaks no rule.
    if (Number(value) === 0) throw refuse('nothing but 0 is a multiple of 0');
    const decimal = decimalParts(type);
    if (decimal) return multipleOfDecimal(column, value, { ...decimal, refuse });
    // The rest of a division of binary fractions is hardly ever 0.
    if (typeof value === 'number' && !Number.isInteger(value)) throw refuse('it is a multiple of a fraction');
    return {
      what: `multiple of ${value}`,
      expression: `${column} % ${value} = 0`,
      message: `is not a multiple of ${value}`,
    };
  },
  min_length: (column, { minimum }) => ({
    what: `length >= ${minimum}`,
    expression: `length(${column}) >= ${minimum}`,
    message: `is shorter than ${minimum}`,
  }),
  max_length: (column, { maximum }) => ({
    what: `length <= ${maximum}`,
    expression: `length(${column}) <= ${maximum}`,
    message: `is longer than ${maximum}`,
  }),
  length_equals: (column, { length }) => ({
    what: `length = ${length}`,
    expression: `length(${column}) = ${length}`,
    message: `is not ${length} long`,
  }),
  string_format: (column, { pattern, format, ...check }, refuse) => {
    if (!(pattern instanceof RegExp)) throw refuse(`zod checks "${format}" by code`);
    return looksLike(column, whatZodChecks(pattern, format, check), format === 'regex' ? undefined : format, refuse);
  },
  // The type has said it.
  number_format: () => undefined,
  bigint_format: () => undefined,
  overwrite: (_column, _check, refuse) => {
    throw refuse('it changes the value (trim, toLowerCase and the like)');
  },
  custom: (_column, _check, refuse) => {
    throw refuse('it holds a refine');
  },
};

const kinds = Object.keys(ruleByCheck);

function decimalParts(type: string): { readonly width: number; readonly scale: number } | undefined {
  const [, width, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  return width === undefined ? undefined : { width: Number(width), scale: Number(scale) };
}

/** Integers of 38 digits have no room for a fraction: beside one DuckDB fails on them, unless it is a binary one. */
function boundOf(value: unknown, type: string): string {
  if (typeof value !== 'number') return sqlOf(value);
  const { width, scale } = decimalParts(type) ?? { width: type === 'HUGEINT' ? 39 : 0, scale: 0 };
  const digits = fractionDigits(value);
  const fits = Number.isFinite(value) && (digits === 0 || width - scale + Math.max(scale, digits) <= 38);
  return fits ? numberLiteral(value, type) : `${literal(String(value))}::DOUBLE`;
}

interface DecimalColumn {
  readonly width: number;
  readonly scale: number;
  readonly refuse: (why: string) => Error;
}

/** Both with as many digits behind the point: DuckDB divides decimals of other widths as binary fractions. */
function multipleOfDecimal(column: string, value: unknown, { width, scale, refuse }: DecimalColumn): RuleParts {
  const text = String(value);
  const [, fraction = ''] = /^\d+(?:\.(\d+))?$/.exec(text) ?? [];
  const digits = Math.max(scale, fraction.length);
  if (!/^[\d.]+$/.test(text) || width - scale + digits > 38)
    throw refuse(`it is a multiple of ${text}, which has more digits than there is room for beside its own`);
  const type = `DECIMAL(38, ${digits})`;
  return {
    what: `multiple of ${text}`,
    expression: `${column}::${type} % ${literal(text)}::${type} = 0`,
    message: `is not a multiple of ${text}`,
  };
}

function inSet(column: string, values: readonly unknown[], type: string): RuleParts {
  const list = values
    .map((value) => (typeof value === 'number' ? numberLiteral(value, type) : sqlOf(value)))
    .join(', ');
  return { what: 'in set', expression: `${column} IN (${list})`, message: `is not one of ${values.join(', ')}` };
}

/** Of these, zod asks the text itself: its pattern says more than that, or something else. */
function whatZodChecks(pattern: RegExp, format: string, { includes, position }: Readonly<Record<string, any>>): RegExp {
  if (format === 'starts_with') return new RegExp(pattern.source.replace(/\.\*$/, ''));
  if (format === 'ends_with') return new RegExp(pattern.source.replace(/^\.\*/, ''));
  return position ? new RegExp(`^[\\s\\S]{${position},}${RegExp.escape(includes)}`) : pattern;
}

function looksLike(
  column: string,
  pattern: RegExp,
  format: string | undefined,
  refuse: (why: string) => Error,
): RuleParts {
  return {
    what: format ? `is ${format}` : `matches ${pattern}`,
    expression: `regexp_matches(${column}, ${literal(javascriptAsRe2(pattern, refuse))})`,
    message: `is not ${format ?? `like ${pattern}`}`,
  };
}

function sqlOf(value: unknown): string {
  if (typeof value === 'string') return literal(value);
  return value instanceof Date ? `TIMESTAMP ${literal(shown(value))}` : String(value);
}

function shown(value: unknown): string {
  return value instanceof Date ? value.toISOString().slice(0, -1).replace('T', ' ') : String(value);
}
