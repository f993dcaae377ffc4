import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import { refusal } from '../component/refusal.ts';

const schema = z
  .strictObject({
    key: z.array(z.string().min(1)).min(1).describe('columns that make two rows the same'),
    keep: z
      .enum(['first', 'latest'])
      .default('first')
      .describe('first: in the order of the source; latest: largest `by`'),
    by: z.string().min(1).optional().describe('column that says which row is the latest'),
  })
  .refine(
    (options) => (options.keep === 'latest') === (options.by !== undefined),
    refusal('`by` goes with keep: "latest", and only with it', {
      allowed: 'a column that says which row is the latest, with keep: "latest"',
      change: 'give both, or leave both out',
      path: ['by'],
    }),
  );

/**
 * Keeps one row for each key, over the whole run; the others are counted as merged. NULLs in a key are equal. Rows with
 * equal `by` are decided by their place in the source, so that the same input always keeps the same row.
 * @example deduplicate({ key: ['date', 'origin'], keep: 'latest', by: 'date' })
 */
export default defineOperator({
  component: 'deduplicate',
  schema,
  author: (options: z.input<typeof schema>) => ({ options }),
  meetBy: ({ key }) => key,
  shape({ key, by }, { input }) {
    for (const [index, name] of key.entries()) columnOf(name, input, ['key', index]);
    if (by !== undefined) columnOf(by, input, ['by']);
    return { form: 'first', key, order: by === undefined ? [] : [{ column: by, descending: true }] };
  },
});
