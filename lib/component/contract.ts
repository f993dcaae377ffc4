import * as z from 'zod';
import { nearest } from '../core/nearest.ts';
import { classifications } from './classifications.ts';
import { ContractUnsupportedError, fieldsOf } from './contract-fields.ts';
import type { ContractField, ContractPlan } from './plan.ts';
import type { Locate } from './user-location.ts';

export const classificationSchema = z.enum(classifications).describe('who may see the values');

/** Options of `contract()`. */
export const contractOptionsSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/, 'is not a name: a letter, then letters, digits, _ and -, 63 at most')
    .optional()
    .describe("name in plans and reports; default: the source's own"),
  unknownColumns: z
    .enum(['ignore', 'reject'])
    .optional()
    .describe(
      'columns that the contract does not name: passed over, or the run stops; default: as the zod object says',
    ),
  version: z.string().min(1).optional().describe('as the owner of the contract counts, e.g. 1.4.0; default: none'),
  keys: z
    .array(z.array(z.string().min(1)).min(1))
    .optional()
    .describe('sets of columns that are promised to be unique; a step or rule of the pipeline must hold each of them'),
  classification: z
    .record(z.string(), classificationSchema)
    .optional()
    .describe('column → public, internal, confidential or restricted'),
});

export type ContractOptions = z.input<typeof contractOptionsSchema>;

/** A record type as data. */
export type RecordType = Pick<ContractPlan, 'fields' | 'keys' | 'version'>;

/** The record type that a source promises, as the compiler takes it. */
export interface Contract {
  /** A zod object, what was read from a file, or a file that is read when the pipeline is compiled. */
  readonly record: z.ZodObject | RecordType | (() => Promise<RecordType>);
  readonly options: ContractOptions;
  /** Finds parts of the options in the user's file. */
  readonly locate?: Locate;
}

/**
 * Gives a zod object contract options. A bare zod object does as well: `z.object` passes over columns that it does not
 * name, `z.strictObject` stops the run.
 */
export function contract(schema: z.ZodObject, options: ContractOptions = {}): Contract {
  return Object.freeze({ record: schema, options: Object.freeze({ ...options }) });
}

/**
 * The contract in the engine's terms. Throws `ContractUnsupportedError`.
 * @param name of a contract that has none
 */
export async function planContract({ record, options }: Contract, name: string): Promise<ContractPlan> {
  const closed = isZod(record) && record._zod.def.catchall?._zod.def.type === 'never';
  const given: RecordType = isZod(record)
    ? { fields: fieldsOf(record) }
    : typeof record === 'function'
      ? await record()
      : record;
  const { version = given.version, keys = given.keys, classification = {} } = options;
  const named = [...Object.keys(classification), ...(keys ?? []).flat()];
  const unknown = named.find((column) => !given.fields.some((field) => field.name === column));
  if (unknown !== undefined) throw unknownColumn(unknown, given.fields);
  return {
    name: options.name ?? name,
    ...(version !== undefined && { version }),
    fields: given.fields.map((field) =>
      Object.hasOwn(classification, field.name) ? { ...field, classification: classification[field.name]! } : field,
    ),
    unknownColumns: options.unknownColumns ?? (closed ? 'reject' : 'ignore'),
    ...(keys !== undefined && keys.length > 0 && { keys }),
  };
}

function isZod(record: Contract['record']): record is z.ZodObject {
  return '_zod' in record;
}

function unknownColumn(name: string, fields: readonly ContractField[]): ContractUnsupportedError {
  const names = fields.map((field) => field.name);
  const guess = nearest(name, names);
  return new ContractUnsupportedError({
    problem: `the contract has no column "${name}"`,
    received: name,
    allowed: names,
    change: guess ? `did you mean "${guess}"?` : 'name a column of the contract',
  });
}
