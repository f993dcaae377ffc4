import * as z from 'zod';
import { nearest } from '../core/nearest.ts';
import { classifications, moreConfined } from './classifications.ts';
import { elementType } from './column-types.ts';
import { fieldsOf } from './contract-fields.ts';
import { ContractUnsupportedError } from './contract-unsupported-error.ts';
import type { Classification, ContractField, ContractPlan, Evolution, SchemaChange } from './plan.ts';
import { structFields } from './struct-type.ts';
import type { Locate } from './user-location.ts';

export const classificationSchema = z.enum(classifications).describe('who may see the values');

const evolution = z.enum(['evolve', 'quarantine', 'stop'] as const satisfies Evolution[]);

const evolutionSchema = z.strictObject({
  added: evolution
    .optional()
    .describe('a column that the contract does not name; default: as `unknownColumns` says, and evolve passes it over'),
  missing: evolution
    .optional()
    .describe(
      'a column that the file does not have; default: stop (of JSON: only where it may not be NULL), and evolve reads NULL',
    ),
  retyped: evolution
    .optional()
    .describe(
      'a column of another kind; default: evolve, which converts each value that loses nothing and rejects the others',
    ),
  renamed: evolution
    .optional()
    .describe(
      'a column under an alias, or under its name in other case, or with other signs between its words; default: evolve for aliases, else stop',
    ),
} satisfies Record<SchemaChange, z.ZodType>);

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
  evolution: evolutionSchema
    .optional()
    .describe(
      'what becomes of a file whose columns are others: evolve, quarantine all its rows, or stop the run; default: as the defaults of each say, but members that JSON lacks are missed row by row',
    ),
  aliases: z
    .record(z.string(), z.array(z.string().min(1)).min(1))
    .optional()
    .describe('column → other names that files give it'),
});

export type ContractOptions = z.input<typeof contractOptionsSchema>;

/** A record type as data. */
export type RecordType = Pick<ContractPlan, 'fields' | 'keys' | 'version' | 'aliases'>;

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
  const given = await recordTypeOf(record);
  const { version = given.version, keys = given.keys, classification = {}, evolution } = options;
  const aliases = given.aliases || options.aliases ? { ...given.aliases, ...options.aliases } : undefined;
  const named = [...Object.keys(classification), ...(keys ?? []).flat(), ...Object.keys(aliases ?? {})];
  const unknown = named.find((column) => !given.fields.some((field) => field.name === column));
  if (unknown !== undefined) throw unknownColumn(unknown, given.fields);
  const unknownColumns = options.unknownColumns ?? (closed ? 'reject' : 'ignore');
  if (unknownColumns === 'reject' && evolution?.added !== undefined && evolution.added !== 'stop')
    throw contradiction(evolution.added);
  const twin = Object.values(aliases ?? {})
    .flat()
    .find((alias, index, all) => all.indexOf(alias) !== index || given.fields.some((field) => field.name === alias));
  if (twin !== undefined) throw ambiguous(twin);
  return {
    name: options.name ?? name,
    ...(version !== undefined && { version }),
    fields: given.fields.map((field) =>
      Object.hasOwn(classification, field.name) ? classified(field, classification[field.name]!) : field,
    ),
    unknownColumns,
    ...(keys !== undefined && keys.length > 0 && { keys }),
    ...(evolution && { evolution }),
    ...(aliases && { aliases }),
  };
}

/** What is said of a whole does not open what is inside of it. */
function classified(field: ContractField, said: Classification): ContractField {
  const hasParts = elementType(field.type) !== undefined || structFields(field.type) !== undefined;
  return { ...field, classification: hasParts ? moreConfined(field.classification, said)! : said };
}

async function recordTypeOf(record: Contract['record']): Promise<RecordType> {
  if (typeof record === 'function') return record();
  // Neither read from a file nor of zod: `fieldsOf` says what it is.
  return record && 'fields' in record ? record : { fields: fieldsOf(record) };
}

function isZod(record: Contract['record'] | undefined): record is z.ZodObject {
  return record !== undefined && '_zod' in record;
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

function contradiction(added: Evolution): ContractUnsupportedError {
  return new ContractUnsupportedError({
    problem: 'the contract refuses columns that it does not name, and lets them be added',
    received: `evolution.added: ${added}`,
    allowed: 'evolution.added: stop, or columns that are passed over',
    change: "use z.object instead of z.strictObject, set unknownColumns to 'ignore', or leave `added` out",
  });
}

function ambiguous(alias: string): ContractUnsupportedError {
  return new ContractUnsupportedError({
    problem: `the alias "${alias}" stands for several columns`,
    received: alias,
    allowed: 'names that no other column of the contract has, each once',
    change: 'take it away from all columns but one',
  });
}
