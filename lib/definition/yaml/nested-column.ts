import * as z from 'zod';
import { fieldsOf } from '../../component/contract-fields.ts';
import { ContractUnsupportedError } from '../../component/contract-unsupported-error.ts';
import { writtenPattern } from '../../component/javascript-pattern.ts';
import type { ContractField } from '../../component/plan.ts';
import type { Path } from '../../component/shape.ts';
import type { Locate } from '../../component/user-location.ts';
import { ColumnRefusal, type LogicalType, setOf } from '../odcs/column.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { columnSchemas, columnTypeOf, unknownType } from './contract-columns.ts';
import { isMapping } from './is-mapping.ts';

/** Bounds of a list, and what it is a list of. */
export const listSchema = z.strictObject({
  type: z.string().regex(/^list\??$/),
  of: z.unknown().describe('type of the elements: in short, or with options'),
  minItems: z.int().min(0).optional().describe('elements, at least'),
  maxItems: z.int().min(0).optional().describe('elements, at most'),
  uniqueItems: z.boolean().optional().describe('true: no element stands in it twice'),
});
/** Members of an object. */
export const objectSchema = z.strictObject({
  type: z.string().regex(/^object\??$/),
  members: z.record(z.string().min(1), z.unknown()).describe('member → its type: in short, or with options'),
  minProperties: z.int().min(0).optional().describe('members with a value, at least'),
  maxProperties: z.int().min(0).optional().describe('members with a value, at most'),
});

/** True for a column whose values are lists or objects: `string[]`, `{ type: list, of: … }`, `{ type: object, members: … }`. */
export function isNestedColumn(column: unknown): boolean {
  const type = isMapping(column) ? column.type : column;
  return typeof type === 'string' && /(\[\]|^list|^object)\??$/.test(type);
}

/** Reads a nested column. What it says is said in zod first, so that both forms have the same rules. */
export function readNestedColumn(
  name: string,
  column: unknown,
  part: string,
  locate: Locate,
): ContractField | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const schema = zodOf(column, { part, locate, problems, path: [] });
  if (problems.length > 0) return { problems };
  try {
    return fieldsOf(z.object({ [name]: schema }))[0]!;
  } catch (error) {
    if (!(error instanceof ContractUnsupportedError)) throw error;
    const { problem, received, allowed, change } = error;
    return { problems: [{ at: locate([]), part, problem, received, allowed, change }] };
  }
}

interface Place {
  readonly part: string;
  readonly locate: Locate;
  readonly problems: Problem[];
  readonly path: Path;
}

function zodOf(column: unknown, place: Place): z.ZodType {
  const given = typeof column === 'string' ? { type: column } : column;
  const text = isMapping(given) ? given.type : undefined;
  if (typeof text === 'string' && text.endsWith('?') && isNestedColumn(given))
    return zodOf({ ...(given as object), type: text.slice(0, -1) }, place).nullable();
  if (typeof text === 'string' && text.endsWith('[]')) return z.array(zodOf(text.slice(0, -2), place));
  if (text === 'list' || text === 'object') return text === 'list' ? listOf(given, place) : objectOf(given, place);
  return leafOf(given, place);
}

function listOf(given: unknown, place: Place): z.ZodType {
  const parsed = listSchema.safeParse(given);
  if (!parsed.success) return refused(parsed.error, given, Object.keys(listSchema.shape), place);
  const { of, minItems, maxItems, uniqueItems } = parsed.data;
  let list = z.array(zodOf(of, inside(place, 'of')));
  if (minItems !== undefined) list = list.min(minItems);
  if (maxItems !== undefined) list = list.max(maxItems);
  return uniqueItems ? list.meta({ uniqueItems }) : list;
}

function objectOf(given: unknown, place: Place): z.ZodType {
  const parsed = objectSchema.safeParse(given);
  if (!parsed.success) return refused(parsed.error, given, Object.keys(objectSchema.shape), place);
  const members = Object.entries(parsed.data.members).map(([name, member]) => [
    name,
    zodOf(member, inside(place, 'members', name)),
  ]);
  const { minProperties, maxProperties } = parsed.data;
  return z.object(Object.fromEntries(members)).meta({ minProperties, maxProperties });
}

function leafOf(given: unknown, place: Place): z.ZodType {
  const { part, locate, problems, path } = place;
  const type = columnTypeOf(given);
  if (type === undefined) {
    const text = isMapping(given) ? given.type : given;
    problems.push(unknownType(text, [part, ...path].join(' / '), (more, key) => locate([...path, ...more], key)));
    return z.unknown();
  }
  const parsed = columnSchemas[type].safeParse(given);
  if (!parsed.success) return refused(parsed.error, given, Object.keys(columnSchemas[type].shape), place);
  const { type: text, enum: values, classification, description: _, ...options } = parsed.data as Record<string, any>;
  const of = Array.isArray(values) ? setIn(given, { type, values, options }, place) : leaves[type](options, text);
  const schema = classification === undefined ? of : of.meta({ ...of.meta(), classification });
  return text.endsWith('?') ? schema.nullable() : schema;
}

interface ValueSet {
  readonly type: LogicalType;
  readonly values: readonly any[];
  readonly options: Options;
}

/** zod knows a set of values by these alone, without a type, bounds or a format. */
function setIn(given: any, { type, values, options }: ValueSet, { part, locate, problems, path }: Place): z.ZodType {
  try {
    const [more] = Object.keys(options);
    if (more !== undefined)
      throw new ColumnRefusal(
        `beside a set of values inside of a list or an object, "${more}" says nothing`,
        [more],
        'enum alone',
      );
    setOf(type, values);
  } catch (error) {
    if (!(error instanceof ColumnRefusal)) throw error;
    const { message: problem, path: found, allowed } = error;
    const received = found.reduce<any>((value, key) => value?.[key], given);
    const at = locate([...path, ...found]);
    problems.push({ at, part: [part, ...path].join(' / '), problem, received, allowed, change: 'correct it' });
    return z.unknown();
  }
  return type === 'string' ? z.enum(values as string[]) : z.literal([...values]);
}

type Options = Readonly<Record<string, any>>;

const leaves: Readonly<Record<LogicalType, (options: Options, text: string) => z.ZodType>> = {
  string({ minLength, maxLength, pattern, format }) {
    let schema: any =
      format === undefined
        ? z.string()
        : ({ email: z.email, uuid: z.uuid, ipv4: z.ipv4, ipv6: z.ipv6, byte: z.base64 } as any)[format]();
    if (pattern !== undefined) schema = schema.regex(writtenPattern(pattern));
    if (minLength !== undefined) schema = schema.min(minLength);
    return maxLength === undefined ? schema : schema.max(maxLength);
  },
  integer({ format, ...options }) {
    if (format === 'u32' || format === 'u64') return bounded(format === 'u32' ? z.uint32() : z.uint64(), options);
    return declared(bounded(z.int(), options), integerTypes[format as string]);
  },
  number: ({ format, ...options }) => bounded(format === 'f32' ? z.float32() : z.number(), options),
  decimal: (options, text) => declared(bounded(z.number(), options), text.replace(/[ ?]/g, '').toUpperCase()),
  boolean: () => z.boolean(),
  date: (options) => bounded(z.iso.date(), options),
  timestamp: ({ timezone, ...options }) =>
    declared(bounded(z.iso.datetime(), options), timezone ? 'TIMESTAMP WITH TIME ZONE' : undefined),
  time: (options) => bounded(z.iso.time(), options),
};

const integerTypes: Readonly<Record<string, string>> = {
  i8: 'TINYINT',
  i16: 'SMALLINT',
  i32: 'INTEGER',
  i128: 'HUGEINT',
  u8: 'UTINYINT',
  u16: 'USMALLINT',
};

function declared(schema: z.ZodType, columnType: string | undefined): z.ZodType {
  return columnType === undefined ? schema : schema.meta({ columnType });
}

/** Bounds of moments inside of a list or an object have no counterpart in zod. */
function bounded(
  schema: any,
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Options,
): z.ZodType {
  let made = schema;
  const apply = (value: unknown, method: 'gte' | 'lte' | 'gt' | 'lt' | 'multipleOf') => {
    if (value !== undefined) made = made[method] ? made[method](value) : made.refine(() => true);
  };
  apply(minimum, 'gte');
  apply(exclusiveMinimum, 'gt');
  apply(maximum, 'lte');
  apply(exclusiveMaximum, 'lt');
  apply(multipleOf, 'multipleOf');
  return made;
}

function refused(error: z.ZodError, given: unknown, known: readonly string[], place: Place): z.ZodType {
  const { part, locate, problems, path } = place;
  problems.push(
    ...problemsOf(error, [part, ...path].join(' / '), (more, key) => locate([...path, ...more], key), given, known),
  );
  return z.unknown();
}

function inside(place: Place, ...more: Path): Place {
  return { ...place, path: [...place.path, ...more] };
}
