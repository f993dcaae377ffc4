import * as z from 'zod';
import { conversion, targetTypeSchema } from './conversion.ts';
import { mayHoldLongNumber } from './exact-json.ts';
import { literal, quoted } from './shape.ts';
import { holdsNumber } from './significand.ts';

/** What a JSON value becomes: a type, a list of one, or a structure of several by name; `JSON` leaves it as it is. */
export type JsonType = string | readonly [JsonType] | { readonly [field: string]: JsonType };

const leaf = z.union([z.literal('JSON'), targetTypeSchema]);

export const jsonTypeSchema: z.ZodType<JsonType, JsonType> = z.lazy(() =>
  z.union([leaf, z.tuple([jsonTypeSchema]), z.record(z.string().min(1), jsonTypeSchema)]),
) as z.ZodType<JsonType, JsonType>;

/** SQL of a typed value, and SQL that is false where the JSON is something else or digits were lost; true for nothing. */
export interface JsonConversion {
  readonly value: string;
  readonly good: string;
}

/**
 * SQL that types JSON without loss.
 * @param json SQL of the JSON; NULL and the JSON null are nothing
 * @param raw SQL of the text that it comes from: only there a number has all of its digits
 */
export function jsonConversion(json: string, type: JsonType, raw: string, depth = 0): JsonConversion {
  const kind = `json_type(${json})`;
  const nothing = `coalesce(${kind}, 'NULL') = 'NULL'`;
  if (type === 'JSON') return { value: `CASE WHEN NOT ${nothing} THEN ${json} END`, good: 'true' };
  if (typeof type === 'string') {
    const text = `(${json} ->> '$')`;
    const { value, kept } = conversion(text, 'VARCHAR', type);
    const plain = `${kind} NOT IN ('OBJECT', 'ARRAY')`;
    const isDouble = /^(FLOAT|DOUBLE)$/.test(type);
    const exact = isDouble ? isNotNextToZero(value, raw, kind) : keepsDigits(json, text, raw);
    // A fraction has become a DOUBLE already: what is neither infinite nor 0 then has lost nothing.
    const soon = isDouble ? `WHEN ${kind} = 'DOUBLE' AND isfinite(${value}) AND ${value} <> 0 THEN true ` : '';
    return {
      value: `CASE WHEN ${plain} THEN ${value} END`,
      good: `CASE WHEN ${nothing} THEN true ${soon}ELSE ${plain} AND ${kept(value)} AND ${exact} END`,
    };
  }
  if (isList(type)) {
    const name = `__element_${depth}`;
    const element = jsonConversion(name, type[0], raw, depth + 1);
    const elements = `from_json(${json}, '["JSON"]')`;
    const all = (sql: string) => `list_transform(${elements}, lambda ${name}: ${sql})`;
    return {
      value: `CASE WHEN ${kind} = 'ARRAY' THEN ${all(element.value)} END`,
      good: `CASE WHEN ${nothing} THEN true ELSE ${kind} = 'ARRAY' AND coalesce(list_bool_and(${all(element.good)}), true) END`,
    };
  }
  const object = `__object_${depth}`;
  const apart = Object.keys(type).length >= manyMembers && depth < mostDepth;
  const fields = Object.entries(type).map(
    ([name, of]) =>
      [
        name,
        apart
          ? jsonConversion(`${object}.${quoted(name)}`, of, raw, depth + 1)
          : jsonConversion(memberOf(json, name), of, raw, depth),
      ] as const,
  );
  const whole = (sql: string) =>
    apart ? `list_transform([${membersOf(json, type)}], lambda ${object}: ${sql})[1]` : sql;
  const values = fields.map(([name, { value }]) => `${quoted(name)} := ${value}`);
  // Of two members of one name DuckDB reads the first.
  const goods = [`len(json_keys(${json})) = list_unique(json_keys(${json}))`, ...fields.map(([, { good }]) => good)];
  return {
    value: `CASE WHEN ${kind} = 'OBJECT' THEN ${whole(`struct_pack(${values.join(', ')})`)} END`,
    good: `CASE WHEN ${nothing} THEN true WHEN ${kind} = 'OBJECT' THEN ${whole(goods.join(' AND '))} ELSE false END`,
  };
}

/**
 * Each JSON function of an expression keeps what it has parsed for a whole vector of rows. An object of many members is
 * therefore taken apart once: else 26 members of a record of 700 bytes take 600 MB for a thousand rows.
 */
const manyMembers = 4;

/** DuckDB binds what is within a lambda several times, so that the time for it doubles with each level. */
const mostDepth = 4;

/** SQL of all members of an object, each as JSON. */
function membersOf(json: string, type: object): string {
  const members = Object.fromEntries(Object.keys(type).map((name) => [name, 'JSON']));
  return `from_json(${json}, ${literal(JSON.stringify(members))})`;
}

/** SQL of a member of an object, by JSON pointer: any name can be had. */
function memberOf(json: string, name: string): string {
  return `json_extract(${json}, ${literal(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)})`;
}

/** What an error calls a type. */
export function jsonTypeTitle(type: JsonType): string {
  if (typeof type === 'string') return type;
  return isList(type) ? `a list of ${jsonTypeTitle(type[0])}` : `a structure of ${Object.keys(type).join(', ')}`;
}

export function isList(type: JsonType): type is readonly [JsonType] {
  return Array.isArray(type);
}

/** DuckDB reads 0 where a number is too small for a DOUBLE, and only the text tells. An integer is what it is. */
function isNotNextToZero(value: string, raw: string, kind: string): string {
  return `CASE WHEN ${value} <> 0 OR ${kind} <> 'DOUBLE' THEN true ELSE NOT regexp_matches(${raw}, '[1-9][0-9.]*[eE]-[0-9]{3}|0{300}[0-9]*[1-9]') END`;
}

/** DuckDB reads a number with a fraction as a DOUBLE; one with more digits is then another one. Only CASE skips work. */
function keepsDigits(json: string, text: string, raw: string): string {
  const verbatim = `regexp_matches(${raw}, '[^0-9.]' || replace(${text}, '.', '\\.') || '0*([^0-9.eE]|$)')`;
  return `CASE WHEN json_type(${json}) <> 'DOUBLE' THEN true WHEN NOT ${mayHoldLongNumber(raw)} THEN true ELSE ${verbatim} OR ${holdsNumber(raw, text)} END`;
}
