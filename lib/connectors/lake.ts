import * as z from 'zod';
import { defineSink } from '../component/connector.ts';
import { classificationSchema } from '../component/contract.ts';

const schema = z.strictObject({
  table: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, 'is not a table name: a lower-case letter, then letters, digits and _, 63 at most')
    .describe('name of the table, and of its folder'),
  partitionBy: z
    .array(z.string().min(1))
    .refine((names) => new Set(names).size === names.length, 'names a column twice')
    .default([])
    .describe('columns that name the folders, outermost first'),
  mode: z.enum(['append', 'replace']).default('append').describe('what becomes of the rows that are there'),
  clearedFor: classificationSchema
    .optional()
    .describe(
      'the most confined columns that the table may hold unmasked; default: confidential, so no restricted ones',
    ),
});

/**
 * A curated table in the lake: Parquet (zstd) under `curated/<table>/`. Readers see all of a run or nothing of it.
 * @example lake({ table: 'flights', partitionBy: ['day'] })
 * @example lake({ table: 'patients', clearedFor: 'restricted' })
 */
export default defineSink('lake', {
  schema,
  capabilities: { delivery: 'exactly-once' },
  title: ({ table }) => table,
  partitionBy: ({ partitionBy }) => partitionBy,
  mode: ({ mode }) => mode,
  clearedFor: ({ clearedFor }) => clearedFor,
});
