import * as z from 'zod';
import { defineSink } from '../component/connector.ts';
import { classificationSchema } from '../component/contract.ts';
import {
  fileSizes,
  folderNames,
  layoutOptions,
  partitionExpressions,
  partitionTransforms,
  rowGroupOptions,
  rowGroupsAgree,
  rowGroupsDiffer,
} from '../component/layout-options.ts';
import { orderOf } from '../component/order.ts';
import { refusal } from '../component/refusal.ts';

const schema = z
  .strictObject({
    table: z
      .string()
      .regex(
        /^[a-z][a-z0-9_]{0,62}$/,
        'is not a table name: a lower-case letter, then letters, digits and _, 63 at most',
      )
      .describe('name of the table, and of its folder'),
    ...layoutOptions,
    ...rowGroupOptions,
    mode: z
      .enum(['append', 'replace', 'replacePartitions', 'merge'])
      .default('append')
      .describe(
        'what becomes of the rows that are there: all stay; all go; those of the partitions that the run has rows for go; those whose `key` a row of the run has go',
      ),
    key: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('columns that make two rows states of the same thing, with `mode: "merge"`'),
    by: z
      .string()
      .min(1)
      .optional()
      .describe(
        'column that says which state is the newer one, so that a late row does not take the place of a newer one; default: what is published later is newer, and a run may have one row of a key',
      ),
    renamed: z
      .record(z.string().min(1), z.string().min(1))
      .refine(
        (names) => Object.keys(names).length > 0,
        refusal('names no column', {
          allowed: 'new name → old name',
          change: "name one, e.g. { customer: 'client' }, or leave `renamed` out",
        }),
      )
      .refine(
        (names) => Object.entries(names).every(([name, old]) => name !== old),
        refusal('gives a column the name that it has', {
          allowed: 'new name → another, old name',
          change: 'name the column as the table has it so far',
        }),
      )
      .refine(
        (names) => new Set(Object.values(names)).size === Object.keys(names).length,
        refusal('makes two columns of one', {
          allowed: 'another old name for each column',
          change: 'let one of them have the rows of before; the other is a new column',
        }),
      )
      .optional()
      .describe(
        'new name → old name, of columns that the table has under another name: its rows of before keep their values. May stay for ever',
      ),
    clearedFor: classificationSchema
      .optional()
      .describe(
        'the most confined columns that the table may hold unmasked; default: confidential, so no restricted ones',
      ),
  })
  .refine(rowGroupsAgree, rowGroupsDiffer)
  .refine(
    ({ partitionBy }) => new Set(folderNames(partitionBy)).size === partitionBy.length,
    refusal('names a folder twice', {
      path: ['partitionBy'],
      allowed: 'each folder once',
      change: 'take one of them out, or name it otherwise',
    }),
  )
  .refine(
    ({ mode, key }) => (mode === 'merge') === (key !== undefined),
    refusal('`key` goes with mode: "merge", and only with it', {
      path: ['key'],
      allowed: 'the columns of a key, with mode: "merge"',
      change: 'give both, or leave both out',
    }),
  )
  .refine(
    ({ mode, by }) => by === undefined || mode === 'merge',
    refusal('`by` goes with mode: "merge", and only with it', {
      path: ['by'],
      allowed: 'a column that says which state is the newer one, with mode: "merge"',
      change: 'leave `by` out, or set mode to "merge"',
    }),
  )
  .refine(
    ({ mode, partitionBy }) => mode !== 'replacePartitions' || partitionBy.length > 0,
    refusal('needs partitions that can be replaced', {
      path: ['mode'],
      allowed: 'replacePartitions beside `partitionBy`',
      change: 'give `partitionBy`, or set mode to "replace"',
    }),
  );

/**
 * A curated table in the lake: an Apache Iceberg table (v2) of Parquet files (zstd) under `curated/<table>/`, in the catalog
 * of AWS Glue. Readers see all of a run or nothing of it.
 * A partition that is an expression becomes a column of the table. One that is a transform does not, and readers who ask
 * for a range of its column read no other files: `year(c)`, `month(c)`, `day(c)`, `hour(c)`, `bucket(n, c)`, `truncate(n, c)`.
 * @example lake({ table: 'flights', partitionBy: ['day'] })
 * @example lake({ table: 'visits', partitionBy: ['day(at)', 'bucket(16, user_id)'] })
 * @example lake({ table: 'flights', partitionBy: [{ month: "date_trunc('month', date)" }], sortBy: ['date', 'origin'] })
 * @example lake({ table: 'flights', fileBytes: 268435456, rowGroupRows: 500000 })
 * @example lake({ table: 'orders', mode: 'merge', key: ['order_id'], by: 'updated_at' })
 * @example lake({ table: 'days', partitionBy: ['day'], mode: 'replacePartitions' })
 * @example lake({ table: 'orders', renamed: { customer: 'client' } })
 * @example lake({ table: 'patients', clearedFor: 'restricted' })
 */
export default defineSink('lake', {
  schema,
  capabilities: { delivery: 'exactly-once' },
  title: ({ table }) => table,
  partitionBy: ({ partitionBy }) => folderNames(partitionBy),
  transforms: ({ partitionBy }) => partitionTransforms(partitionBy),
  partitions: ({ partitionBy }) => partitionExpressions(partitionBy),
  sortBy: ({ sortBy }, columns) => sortBy && orderOf(sortBy, columns, ['sortBy']),
  sizes: (options: z.output<typeof schema>) => fileSizes(options),
  mode: ({ mode }) => mode,
  merges: ({ key, by }) => key && { key, ...(by !== undefined && { by }) },
  renamed: ({ renamed }) => renamed,
  clearedFor: ({ clearedFor }) => clearedFor,
});
