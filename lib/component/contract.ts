import * as z from 'zod';
import type { ContractPlan } from './plan.ts';

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
  readonly schema: z.ZodObject;
  readonly options: ContractOptions;
}

/**
 * Gives a zod object contract options. A bare zod object does as well: `z.object` passes over columns that it does not
 * name, `z.strictObject` stops the run.
 */
export function contract(schema: z.ZodObject, options: ContractOptions = {}): Contract {
  return Object.freeze({ schema, options: Object.freeze({ ...options }) });
}

/** What happens to columns that the contract does not name. */
export function unknownColumnsOf({ schema, options }: Contract): ContractPlan['unknownColumns'] {
  return options.unknownColumns ?? (schema._zod.def.catchall?._zod.def.type === 'never' ? 'reject' : 'ignore');
}
