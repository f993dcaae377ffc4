import * as z from 'zod';
import { type CheckedType, rulesOf } from '../../component/contract-rules.ts';
import { writtenPattern } from '../../component/javascript-pattern.ts';
import type { ContractField, ContractRule } from '../../component/plan.ts';
import { refusal } from '../../component/refusal.ts';
import type { Path } from '../../component/shape.ts';
import { checkedByCode } from '../../component/text-formats.ts';

/** A column of a contract in the terms of ODCS, whatever file it stands in. */
export interface ContractColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly nullable: boolean;
  /** ODCS's options of the type, as `typeOptions` checked them. */
  readonly options: TypeOptions;
  /** The only values that are allowed. */
  readonly values?: readonly unknown[];
  /** Values that stand for nothing, and may not occur. */
  readonly missing?: readonly unknown[];
}

/** ODCS's own types for a column, and decimals, which it leaves to the physical type. */
export type LogicalType = 'string' | 'integer' | 'number' | 'decimal' | 'boolean' | 'date' | 'timestamp' | 'time';

/** A number, or a bigint beyond 2^53. */
const bound = z.union([z.number(), z.bigint()]);
const bounds = {
  minimum: bound.optional().describe('values are this or more'),
  maximum: bound.optional().describe('values are this or less'),
  exclusiveMinimum: bound.optional().describe('values are more than this'),
  exclusiveMaximum: bound.optional().describe('values are less than this'),
};
const positive = z.union([z.number().positive(), z.bigint().positive()]);
const moments = (pattern: RegExp, like: string) => {
  const moment = z
    .string()
    .regex(pattern, { error: `is not written like ${like}`, abort: true })
    .refine(
      isThere,
      refusal('is no day of the calendar, or no time of a day', {
        allowed: 'days that there are, and times up to 24:00:00',
        change: `correct it, e.g. ${like}`,
      }),
    );
  return {
    minimum: moment.optional().describe(`values are this or later, e.g. ${like}`),
    maximum: moment.optional().describe('values are this or earlier'),
    exclusiveMinimum: moment.optional().describe('values are later than this'),
    exclusiveMaximum: moment.optional().describe('values are earlier than this'),
  };
};

/** JavaScript takes the 30th of February for the 1st of March. */
function isThere(text: string): boolean {
  const [day] = /^\d{4}-\d\d-\d\d/.exec(text) ?? [];
  const [hour = 0, minute = 0, second = 0] = (/(\d\d):(\d\d):([\d.]+)/.exec(text) ?? []).slice(1).map(Number);
  const at = day === undefined ? 0 : Date.parse(`${day}T00:00:00Z`);
  const isOfCalendar = day === undefined || (!Number.isNaN(at) && new Date(at).toISOString().startsWith(day));
  return isOfCalendar && minute < 60 && second < 60 && hour * 3600 + minute * 60 + second <= 86_400;
}

/** Texts that look like something, by zod's own patterns, so that a zod contract says the same. */
const stringFormats = { email: z.email(), uuid: z.uuid(), ipv4: z.ipv4(), ipv6: z.ipv6(), byte: z.base64() };

const typeByIntegerFormat: Readonly<Record<string, { readonly type: string; readonly most?: bigint }>> = {
  i8: { type: 'TINYINT' },
  i16: { type: 'SMALLINT' },
  i32: { type: 'INTEGER' },
  i64: { type: 'BIGINT' },
  i128: { type: 'HUGEINT' },
  u8: { type: 'SMALLINT', most: 2n ** 8n - 1n },
  u16: { type: 'INTEGER', most: 2n ** 16n - 1n },
  u32: { type: 'BIGINT', most: 2n ** 32n - 1n },
  u64: { type: 'HUGEINT', most: 2n ** 64n - 1n },
};

/** What ODCS lets a column say beside its type, as far as rows can be held against it. Strict. */
export const typeOptions = {
  string: z.strictObject({
    minLength: z.int().min(0).optional().describe('characters, at least'),
    maxLength: z.int().min(0).optional().describe('characters, at most'),
    pattern: z
      .string()
      .refine(isPattern, 'is not a regular expression')
      .optional()
      .describe('regular expression that the text matches somewhere; ^ and $ hold the whole of it'),
    format: z
      .enum(Object.keys(stringFormats) as (keyof typeof stringFormats)[])
      .optional()
      .describe('what the text looks like; byte is base64'),
  }),
  integer: z.strictObject({
    ...bounds,
    multipleOf: positive.optional().describe('values are a multiple of it'),
    format: z.enum(Object.keys(typeByIntegerFormat)).optional().describe('bits, signed (i) or not (u); default i64'),
  }),
  number: z.strictObject({
    ...bounds,
    multipleOf: positive.optional().describe('values are a multiple of it; a whole number'),
    format: z.enum(['f32', 'f64']).optional().describe('bits; default f64'),
  }),
  decimal: z.strictObject({
    ...bounds,
    multipleOf: positive.optional().describe('values are a multiple of it, e.g. 0.05'),
  }),
  boolean: z.strictObject({}),
  date: z.strictObject(moments(/^\d{4}-\d\d-\d\d$/, '2024-12-31')),
  timestamp: z.strictObject({
    ...moments(/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d{1,6})?Z?)?$/, '2024-12-31T23:59:59Z, in UTC'),
    timezone: z
      .boolean()
      .optional()
      .describe('true: a text must say its zone, and the column is one with a zone; default: without one it is UTC'),
  }),
  time: z.strictObject(moments(/^\d\d:\d\d:\d\d(\.\d{1,6})?$/, '23:59:59')),
} as const satisfies Record<LogicalType, z.ZodObject>;

/** Options of any type, with the width and scale of a decimal. */
export type TypeOptions = Readonly<Record<string, any>>;

/** Something about a column cannot be held against rows. `path` leads to it inside the options. */
export class ColumnRefusal extends Error {
  readonly path: Path;
  readonly allowed: string;

  constructor(message: string, path: Path = [], allowed = 'bounds, lengths, patterns, formats and sets of values') {
    super(message);
    this.name = 'ColumnRefusal';
    this.path = path;
    this.allowed = allowed;
  }
}

/** The column in the engine's terms: equal to what a zod object gives that says the same. Throws `ColumnRefusal`. */
export function fieldOf({ name, type, nullable, options, values, missing }: ContractColumn): ContractField {
  const checked = { ...typed[type](options), set: setOf(type, values) };
  const rules = rulesOf(name, checked, (why) => new ColumnRefusal(why));
  if (missing) rules.push(givenRule(name, type, missing));
  return { name, type: checked.type, nullable, rules };
}

function givenRule(name: string, type: LogicalType, missing: readonly unknown[]): ContractRule {
  const [set] = rulesOf(
    name,
    { type: 'VARCHAR', checks: [], set: setOf(type, missing) },
    (why) => new ColumnRefusal(why),
  );
  return { name: `${name} is given`, expression: `NOT (${set!.expression})`, message: 'counts as missing' };
}

const typed: Readonly<Record<LogicalType, (options: TypeOptions) => CheckedType>> = {
  string: ({ minLength, maxLength, pattern, format }) => ({
    type: 'VARCHAR',
    ...(format && formatOf(format as keyof typeof stringFormats)),
    checks: [
      ...(pattern === undefined ? [] : [{ check: 'string_format', format: 'regex', pattern: writtenPattern(pattern) }]),
      ...(minLength === undefined ? [] : [{ check: 'min_length', minimum: minLength }]),
      ...(maxLength === undefined ? [] : [{ check: 'max_length', maximum: maxLength }]),
    ],
  }),
  integer({ format = 'i64', multipleOf, ...options }) {
    const { type, most } = typeByIntegerFormat[format]!;
    const own = most === undefined ? [] : boundChecks({ minimum: 0, maximum: most });
    return { type, checks: [...own, ...boundChecks(options), ...multiple(multipleOf)] };
  },
  number: ({ format, multipleOf, ...options }) => ({
    type: format === 'f32' ? 'FLOAT' : 'DOUBLE',
    checks: [...boundChecks(options), ...multiple(multipleOf)],
  }),
  decimal: ({ width, scale, multipleOf, ...options }) => ({
    type: `DECIMAL(${width},${scale})`,
    checks: [...boundChecks(options), ...multiple(multipleOf)],
  }),
  boolean: () => ({ type: 'BOOLEAN', checks: [] }),
  date: (options) => ({ type: 'DATE', checks: boundChecks(options) }),
  timestamp: ({ timezone, ...options }) => ({
    type: timezone ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP',
    checks: boundChecks(options, moment),
  }),
  time: (options) => ({ type: 'TIME', checks: boundChecks(options) }),
};

/** Bounds as zod's checks. */
function boundChecks(options: TypeOptions, made: (value: any) => unknown = (value) => value): any[] {
  const checks = [
    { check: 'greater_than', value: options.minimum, inclusive: true },
    { check: 'greater_than', value: options.exclusiveMinimum, inclusive: false },
    { check: 'less_than', value: options.maximum, inclusive: true },
    { check: 'less_than', value: options.exclusiveMaximum, inclusive: false },
  ];
  return checks.filter(({ value }) => value !== undefined).map((check) => ({ ...check, value: made(check.value) }));
}

function multiple(of: unknown): any[] {
  return of === undefined ? [] : [{ check: 'multiple_of', value: of }];
}

/** A moment to the millisecond is a Date, as in zod; a finer one stays as it is written. */
function moment(text: string): Date | string {
  if (/\.\d{4,}/.test(text)) return text.replace('T', ' ').replace('Z', '');
  return new Date(text.length === 10 ? text : `${text.replace(' ', 'T').replace('Z', '')}Z`);
}

function formatOf(format: keyof typeof stringFormats): Pick<CheckedType, 'pattern' | 'format'> {
  const def = stringFormats[format]._zod.def as { pattern?: RegExp; format: string };
  return { pattern: checkedByCode[def.format] ?? def.pattern, format: def.format };
}

const valueTypes: Readonly<Partial<Record<LogicalType, (value: unknown) => boolean>>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => typeof value === 'number',
};

/** The values of a set, held against the type of their column. Throws `ColumnRefusal`. */
export function setOf(type: LogicalType, values: readonly unknown[] | undefined): readonly unknown[] | undefined {
  if (values === undefined) return undefined;
  const fits = valueTypes[type];
  if (!fits) throw new ColumnRefusal(`a set of values of type ${type} is not supported`, ['enum'], 'its bounds');
  const stranger = values.findIndex((value) => !fits(value));
  if (stranger !== -1)
    throw new ColumnRefusal(`a value is not of type ${type}`, ['enum', stranger], `values of type ${type}`);
  return values;
}

function isPattern(text: string): boolean {
  try {
    writtenPattern(text);
    return true;
  } catch {
    return false;
  }
}
