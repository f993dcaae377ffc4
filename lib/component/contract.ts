import * as z from 'zod';
import { fieldsOf } from './contract-fields.ts';
import type { ContractField, ContractPlan } from './plan.ts';
import type { Locate } from './user-location.ts';

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
});

export type ContractOptions = z.input<typeof contractOptionsSchema>;

/** The record type that a source promises, as the compiler takes it. */
export interface Contract {
  /** As a zod object, or as fields that were read from a file. */
  readonly record: z.ZodObject | readonly ContractField[];
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

/** The fields in the engine's terms. Throws `ContractUnsupportedError`. */
export function contractFields({ record }: Contract): readonly ContractField[] {
  return isZod(record) ? fieldsOf(record) : record;
}

/** What happens to columns that the contract does not name. */
export function unknownColumnsOf({ record, options }: Contract): ContractPlan['unknownColumns'] {
  const closed = isZod(record) && record._zod.def.catchall?._zod.def.type === 'never';
  return options.unknownColumns ?? (closed ? 'reject' : 'ignore');
}

function isZod(record: Contract['record']): record is z.ZodObject {
  return !Array.isArray(record);
}
