import * as z from 'zod';
import { TerminalError } from '../core/errors/terminal-error.ts';
import type { ContractField, ContractPlan, ContractRule } from './plan.ts';
import { literal, quoted } from './shape.ts';

/** A contract says something that cannot be checked in columns. */
export class ContractUnsupportedError extends TerminalError {
  override readonly name = 'ContractUnsupportedError';
  readonly code = 'CONTRACT_UNSUPPORTED';
}

/** Options of `contract()`. */
export interface ContractOptions {
  /** Name in plans and reports. Default: the dataset's own. */
  readonly name?: string;
  /** Columns that the contract does not name: passed over, or the run stops. Default `ignore`. */
  readonly unknownColumns?: ContractPlan['unknownColumns'];
}

/** The record type that a source promises, as the compiler takes it. */
export interface Contract {
  readonly schema: z.ZodObject;
  readonly options: ContractOptions;
}

/** Gives a zod object contract options. A bare zod object does as well. */
export function contract(schema: z.ZodObject, options: ContractOptions = {}): Contract {
  return Object.freeze({ schema, options });
}

/** Types of zod's string formats; every other format stays text. */
const typeByFormat: Readonly<Record<string, string>> = { date: 'DATE', 'date-time': 'TIMESTAMP', time: 'TIME' };

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The fields of a zod object in the engine's terms: DuckDB type, nullability, and a rule for each check. */
export function fieldsOf(schema: z.ZodObject): ContractField[] {
  return Object.entries(schema.shape).map(([name, field]) => fieldOf(name, field as z.ZodType));
}

function fieldOf(name: string, field: z.ZodType): ContractField {
  refuseCode(name, field);
  let json: JsonSchema;
  try {
    json = z.toJSONSchema(field, {
      io: 'input',
      override: ({ zodSchema, jsonSchema }) => typeBeyondJson(zodSchema, jsonSchema),
      unrepresentable: 'any',
    });
  } catch (cause) {
    throw unsupported(name, String((cause as Error).message), cause);
  }
  const branches = branchesOf(json);
  const values = branches.filter((branch) => branch.type !== 'null');
  if (values.length !== 1) throw unsupported(name, 'it has several types');
  const nullable = values.length < branches.length || field.safeParse(undefined).success;
  const value = values[0]!;
  return { name, type: typeOf(name, value), nullable, rules: rulesOf(name, value) };
}

/** zod writes a nullable type as `anyOf`, or as a list of types where both are simple. */
function branchesOf(json: JsonSchema): JsonSchema[] {
  if (json.anyOf) return json.anyOf as JsonSchema[];
  if (!Array.isArray(json.type)) return [json];
  return json.type.map((type) => ({ ...json, type, enum: json.enum?.filter((one) => one !== null) }) as JsonSchema);
}

/** What JSON Schema has no word for. */
function typeBeyondJson(zodSchema: z.core.$ZodTypes, json: JsonSchema): void {
  if (zodSchema._zod.def.type === 'date') Object.assign(json, { type: 'string', format: 'date-time' });
  if (zodSchema._zod.def.type === 'bigint') {
    const { format } = zodSchema._zod.def as { format?: string };
    Object.assign(json, { type: 'integer', format: format === 'int64' ? undefined : 'huge' });
  }
}

function typeOf(name: string, json: JsonSchema): string {
  if (json.enum !== undefined || json.const !== undefined) return 'VARCHAR';
  switch (json.type) {
    case 'string':
      return typeByFormat[json.format ?? ''] ?? 'VARCHAR';
    case 'integer':
      if (json.format === 'huge') return 'HUGEINT';
      return json.minimum === -(2 ** 31) && json.maximum === 2 ** 31 - 1 ? 'INTEGER' : 'BIGINT';
    case 'number':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    default:
      throw unsupported(name, `its type is ${json.type ?? 'unknown'}`);
  }
}

function rulesOf(name: string, json: JsonSchema): ContractRule[] {
  const column = quoted(name);
  const rules: ContractRule[] = [];
  const rule = (what: string, expression: string, message: string) =>
    rules.push({ name: `${name} ${what}`, expression, message });
  const limits = typeLimits(json);
  if (json.minimum !== undefined && json.minimum !== limits?.[0])
    rule(`>= ${json.minimum}`, `${column} >= ${json.minimum}`, `is below ${json.minimum}`);
  if (json.maximum !== undefined && json.maximum !== limits?.[1])
    rule(`<= ${json.maximum}`, `${column} <= ${json.maximum}`, `is above ${json.maximum}`);
  if (json.exclusiveMinimum !== undefined)
    rule(`> ${json.exclusiveMinimum}`, `${column} > ${json.exclusiveMinimum}`, `is not above ${json.exclusiveMinimum}`);
  if (json.exclusiveMaximum !== undefined)
    rule(`< ${json.exclusiveMaximum}`, `${column} < ${json.exclusiveMaximum}`, `is not below ${json.exclusiveMaximum}`);
  if (json.multipleOf !== undefined)
    rule(
      `multiple of ${json.multipleOf}`,
      `${column} % ${json.multipleOf} = 0`,
      `is not a multiple of ${json.multipleOf}`,
    );
  if (json.minLength !== undefined)
    rule(`length >= ${json.minLength}`, `length(${column}) >= ${json.minLength}`, `is shorter than ${json.minLength}`);
  if (json.maxLength !== undefined)
    rule(`length <= ${json.maxLength}`, `length(${column}) <= ${json.maxLength}`, `is longer than ${json.maxLength}`);
  const set = json.enum ?? (json.const === undefined ? undefined : [json.const]);
  if (set)
    rule(
      'in set',
      `${column} IN (${set.map((one) => literal(String(one))).join(', ')})`,
      `is not one of ${set.join(', ')}`,
    );
  if (json.pattern !== undefined && !typeByFormat[json.format ?? '']) {
    rule(
      json.format ? `is ${json.format}` : 'matches',
      `regexp_matches(${column}, ${literal(json.pattern)})`,
      `is not ${json.format ?? `like ${json.pattern}`}`,
    );
  }
  return rules;
}

/** zod writes the bounds of the type itself as minimum and maximum; those are no rules. */
function typeLimits(json: JsonSchema): [number, number] | undefined {
  if (json.type !== 'integer') return undefined;
  if (json.maximum === 2 ** 31 - 1) return [-(2 ** 31), 2 ** 31 - 1];
  return [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
}

/** `refine` and `transform` are code: they cannot run over columns, and must not be passed over in silence. */
function refuseCode(name: string, field: z.ZodType): void {
  const pending: any[] = [field];
  while (pending.length > 0) {
    const { def } = pending.pop()._zod;
    if (def.type === 'date' && def.checks?.length > 0) throw unsupported(name, 'it bounds a date');
    if (def.type === 'transform' || def.type === 'pipe') throw unsupported(name, 'it holds a transform');
    for (const check of def.checks ?? []) {
      if (check._zod.def.check === 'custom') throw unsupported(name, 'it holds a refine');
    }
    if (def.innerType) pending.push(def.innerType);
  }
}

function unsupported(name: string, why: string, cause?: unknown): ContractUnsupportedError {
  return new ContractUnsupportedError({
    problem: `the contract of column "${name}" cannot be checked in columns: ${why}`,
    received: name,
    allowed: 'string, int, number, boolean, date, bigint, enum, with min, max, length, regex, nullable, optional',
    change: 'use a plain type here, and a filter, cast or map step for what goes beyond it',
    cause,
  });
}
