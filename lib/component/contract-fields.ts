import * as z from 'zod';
import { nearest } from '../core/nearest.ts';
import { classifications } from './classifications.ts';
import { declaredType, memberCounts, uniqueItems } from './contract-meta.ts';
import { type CheckedType, rulesOf } from './contract-rules.ts';
import { ContractUnsupportedError } from './contract-unsupported-error.ts';
import type { Classification, ContractField, ContractRule } from './plan.ts';
import { literal, quoted } from './shape.ts';
import { checkedByCode } from './text-formats.ts';

/** zod's own description of a schema; every kind of schema has other members. */
type Def = Readonly<Record<string, any>> & { readonly type: string };

/** Types of zod's string formats; the other ones stay text and are held against their pattern. */
const typeByStringFormat: Readonly<Record<string, string>> = { date: 'DATE', datetime: 'TIMESTAMP', time: 'TIME' };

const typeByNumberFormat: Readonly<Record<string, string>> = {
  safeint: 'BIGINT',
  int32: 'INTEGER',
  uint32: 'BIGINT',
  float32: 'FLOAT',
  float64: 'DOUBLE',
};

const typeByBigintFormat: Readonly<Record<string, string>> = { int64: 'BIGINT', uint64: 'HUGEINT' };

/** Around another schema, these say only that there may be nothing. */
const wrappers: Readonly<Record<string, { readonly nullable: boolean }>> = {
  optional: { nullable: true },
  nullable: { nullable: true },
  readonly: { nullable: false },
};

/** What zod does with code or puts in place of a value: it cannot run over columns, and must not be passed over. */
const code: Readonly<Record<string, string>> = {
  pipe: 'it holds a transform',
  transform: 'it holds a transform',
  default: 'it puts a default in place of nothing',
  prefault: 'it puts a default in place of nothing',
  catch: 'it puts a value in place of a bad one',
  custom: 'it holds code of its own',
  lazy: 'it holds code of its own',
};

/**
 * The fields of a zod object in the engine's terms: DuckDB type, nullability, and a rule for each check. Whatever has no
 * counterpart throws `ContractUnsupportedError`, or an `AggregateError` of several: a contract that is half checked would be
 * worse than none.
 */
export function fieldsOf(schema: z.ZodObject): ContractField[] {
  if ((schema as Partial<z.ZodObject> | undefined)?._zod?.def.type !== 'object') throw notAnObject(schema);
  const { checks, catchall } = schema._zod.def as Def;
  if (checks?.length > 0) throw unsupported('of the whole record', 'it holds a refine');
  if (catchall && !['never', 'unknown', 'any'].includes(catchall._zod.def.type))
    throw unsupported('of the whole record', 'it types columns that it does not name');
  const errors: ContractUnsupportedError[] = [];
  const fields = Object.entries(schema.shape).flatMap(([name, field]) => {
    try {
      return [fieldOf(name, field as z.ZodType)];
    } catch (error) {
      if (!(error instanceof ContractUnsupportedError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors);
  return fields;
}

function fieldOf(name: string, field: z.ZodType): ContractField {
  const { type, nullable, rules } = valueTypeOf(name, field, quoted(name));
  const classification = classificationOf(name, field);
  return { name, type, nullable, rules, ...(classification !== undefined && { classification }) };
}

/** What a schema says of one value: a column, an element of a list, a member of a structure. */
interface ValueType {
  readonly type: string;
  readonly nullable: boolean;
  /** Not asked where there is no value. */
  readonly rules: readonly ContractRule[];
}

/**
 * @param name for people, e.g. `tags[]` or `place.city`
 * @param sql of the value
 */
function valueTypeOf(name: string, schema: z.ZodType, sql: string, depth = 0): ValueType {
  let nullable = false;
  if (typeof schema !== 'object' || !schema?._zod) throw notASchema(name, schema);
  let def = (schema as any)._zod.def as Def;
  while (wrappers[def.type]) {
    nullable ||= wrappers[def.type]!.nullable;
    def = def.innerType._zod.def;
  }
  if (def.type === 'nonoptional') throw unsupported(name, 'it takes back that there may be nothing');
  const branches = branchesOf(def);
  const values = branches.filter((one) => !isNothing(one));
  if (values.length < branches.length) nullable = true;
  const [value] = values.length > 1 && values.every((one) => one.type === 'literal') ? [literals(values)] : values;
  if (value === undefined || (values.length > 1 && value.type !== 'literal'))
    throw unsupported(name, values.length > 1 ? 'it has several types' : 'it has no type');
  const refuse = (why: string) => unsupported(name, why);
  if (value.type === 'array') {
    const item = `__item_${depth}`;
    const element = valueTypeOf(`${name}[]`, value.element, item, depth + 1);
    const checks = ((value.checks ?? []) as any[]).map((check) => check._zod.def);
    const every = (condition: string) =>
      `coalesce(list_bool_and(list_transform(${sql}, lambda ${item}: ${condition})), true)`;
    const type = `${element.type}[]`;
    return {
      type,
      nullable,
      rules: [
        ...rulesOf(name, { type, checks }, refuse, sql),
        ...uniqueItems(name, schema, sql),
        ...within(element, `${name}[]`, item, every),
      ],
    };
  }
  if (value.type === 'object') {
    if (value.checks?.length > 0) throw refuse('it holds a refine');
    const rest = value.catchall?._zod.def.type;
    if (rest && !['unknown', 'any'].includes(rest)) throw refuse('it types or refuses members that it does not name');
    const members = Object.entries(value.shape as Record<string, z.ZodType>).map(([member, of]) => {
      const path = `struct_extract(${sql}, ${literal(member)})`;
      return { member, path, ...valueTypeOf(`${name}.${member}`, of, path, depth) };
    });
    if (members.length === 0) throw refuse('it names no member');
    const misnamed = members.some(({ member }) => member === '' || member.includes('\0'));
    if (misnamed) throw refuse('a member has no name, or one that holds a NUL');
    const lower = members.map(({ member }) => member.toLowerCase());
    const twin = members.find((_, at) => lower.indexOf(lower[at]!) < at);
    if (twin) throw refuse(`two of its members are called "${twin.member}", upper and lower case being the same`);
    const inside = members.flatMap((one) => within(one, `${name}.${one.member}`, one.path, (condition) => condition));
    return {
      type: `STRUCT(${members.map(({ member, type }) => `${quoted(member)} ${type}`).join(', ')})`,
      nullable,
      rules: [
        ...memberCounts(
          name,
          schema,
          members.map((one) => one.path),
        ),
        ...inside,
      ],
    };
  }
  const type = declaredType(name, schema, typeOf(name, value));
  return { type: type.type, nullable, rules: rulesOf(name, type, refuse, sql) };
}

/** The rules of a value inside of another one, as rules of that. */
function within(
  { nullable, rules }: ValueType,
  name: string,
  sql: string,
  every: (condition: string) => string,
): ContractRule[] {
  const inner = rules.map((rule) => ({ ...rule, expression: every(`(${sql} IS NULL OR (${rule.expression}))`) }));
  if (nullable) return inner;
  const present = {
    name: `${name} has no gap`,
    expression: every(`${sql} IS NOT NULL`),
    message: 'has nothing where a value must be',
  };
  return [present, ...inner];
}

/** What `.meta({ classification })` says, on the field or on what stands inside of its nullable and optional. */
function classificationOf(name: string, field: z.ZodType): Classification | undefined {
  const said = z.globalRegistry.get(field)?.classification;
  const { innerType } = (field as any)._zod.def as Def;
  // What is said of a value goes for it with its nullable and optional around it, too.
  if (said === undefined && innerType) return classificationOf(name, innerType);
  const inside = mostConfined(partsOf(innerType ?? field).map((part) => classificationOf(name, part)));
  if (said === undefined) return inside;
  const found = classifications.find((one) => one === said);
  if (found !== undefined) return mostConfined([found, inside]);
  const guess = typeof said === 'string' ? nearest(said, classifications) : undefined;
  throw new ContractUnsupportedError({
    problem: `the classification of column "${name}" is none`,
    received: said,
    allowed: classifications,
    change: guess ? `did you mean "${guess}"?` : 'give one of these',
  });
}

/** Schemas that a schema is made of: members, elements, and what it may be. */
function partsOf(field: z.ZodType): z.ZodType[] {
  const { innerType, element, shape, options } = (field as any)._zod.def as Def;
  if (innerType) return partsOf(innerType);
  return [...(element ? [element] : []), ...Object.values(shape ?? {}), ...(options ?? [])] as z.ZodType[];
}

/** A structure is as confined as the most confined of its members. */
function mostConfined(all: readonly (Classification | undefined)[]): Classification | undefined {
  return classifications.findLast((one) => all.includes(one));
}

function branchesOf(def: Def): Def[] {
  if (def.type === 'union') return def.options.flatMap((one: any) => branchesOf(one._zod.def));
  if (def.type !== 'literal') return [def];
  const values = def.values.filter((value: unknown) => value !== null && value !== undefined);
  const nothing = values.length < def.values.length ? [{ type: 'null' }] : [];
  return values.length === 0 && nothing.length > 0 ? nothing : [...nothing, { ...def, values }];
}

function isNothing(def: Def): boolean {
  return def.type === 'null' || def.type === 'undefined';
}

function literals(defs: readonly Def[]): Def {
  return { type: 'literal', values: defs.flatMap((one) => one.values) };
}

function typeOf(name: string, def: Def): CheckedType {
  const checks = ((def.checks ?? []) as any[]).map((check) => check._zod.def);
  switch (def.type) {
    case 'string':
      return typeOfString(name, def, checks);
    case 'number': {
      const formats = [def, ...checks].map((one) => one.format).filter((format) => format !== undefined);
      const type = formats.map((format) => typeByNumberFormat[format]).at(-1) ?? 'DOUBLE';
      const bounds = formats.includes('uint32') ? [bound(0), bound(2 ** 32 - 1)] : [];
      return { type, checks: [...bounds, ...checks] };
    }
    case 'bigint': {
      const bounds = def.format === 'uint64' ? [bound(0n), bound(2n ** 64n - 1n)] : [];
      return { type: typeByBigintFormat[def.format] ?? 'HUGEINT', checks: [...bounds, ...checks] };
    }
    case 'boolean':
      return { type: 'BOOLEAN', checks };
    case 'date':
      return { type: 'TIMESTAMP', checks };
    case 'enum':
      return typeOfSet(name, Object.values(def.entries), checks);
    case 'literal':
      return typeOfSet(name, def.values, checks);
    default:
      throw unsupported(name, code[def.type] ?? `its type is ${def.type}`);
  }
}

function typeOfString(name: string, def: Def, checks: any[]): CheckedType {
  if (def.format === undefined) return { type: 'VARCHAR', checks };
  const type = typeByStringFormat[def.format];
  if (type !== undefined) return { type, checks };
  if (!(def.pattern instanceof RegExp)) throw unsupported(name, `zod checks "${def.format}" by code`);
  return { type: 'VARCHAR', checks, pattern: checkedByCode[def.format] ?? def.pattern, format: def.format };
}

function typeOfSet(name: string, values: readonly unknown[], checks: any[]): CheckedType {
  const types = new Set(values.map((value) => typeof value));
  const [type] = types;
  if (types.size !== 1) throw unsupported(name, 'its values have several types');
  if (type === 'string') return { type: 'VARCHAR', checks, set: values };
  if (type === 'boolean') return { type: 'BOOLEAN', checks, set: values };
  if (type === 'number') return { type: values.every(Number.isSafeInteger) ? 'BIGINT' : 'DOUBLE', checks, set: values };
  throw unsupported(name, `its values are of type ${type}`);
}

/** A bound that the type itself has. */
function bound(value: number | bigint) {
  return { check: value > 0 ? 'less_than' : 'greater_than', value, inclusive: true };
}

function notAnObject(received: Partial<z.ZodType> | undefined): ContractUnsupportedError {
  const type = received?._zod?.def.type;
  return new ContractUnsupportedError({
    problem: 'the columns are not given as an object of zod',
    received: type ? `z.${type}()` : received === undefined ? 'nothing' : typeof received,
    allowed: 'z.object({ <column>: <type>, … })',
    change: 'give one, e.g. z.object({ id: z.int(), name: z.string() })',
  });
}

function notASchema(name: string, received: unknown): ContractUnsupportedError {
  return new ContractUnsupportedError({
    problem: `the type of column "${name}" is no schema of zod 4`,
    received: received ?? 'nothing',
    allowed: 'schemas that a function of zod has made, e.g. z.string()',
    change: "give one, and import zod as 'zod', not as 'zod/v3'",
  });
}

function unsupported(name: string, why: string): ContractUnsupportedError {
  return new ContractUnsupportedError({
    problem: `the contract of column "${name}" cannot be checked in columns: ${why}`,
    received: name,
    allowed:
      'string, int, number, boolean, date, bigint, enum, literal, with min, max, length, regex, nullable, optional; arrays and objects of them',
    change: 'use a plain type here, and a filter, cast or map step for what goes beyond it',
  });
}
