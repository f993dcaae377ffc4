import * as z from 'zod';
import { defineSource } from '../component/connector.ts';

const schema = z.strictObject({
  table: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, 'is not a table name: a lower-case letter, then letters, digits and _, 63 at most')
    .describe('name of the table'),
});

/**
 * A curated table of the lake, as some pipeline has published it: the version that readers see when the run starts, and
 * no later one. Every run reads the table whole. One that was never published has no rows.
 * @example table({ table: 'flights' })
 */
export default defineSource('table', {
  schema,
  title: ({ table }) => table,
  objects: ({ table }) => ({ table }),
  format: () => ({ kind: 'parquet' }),
});
