import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import type { Column } from '../component/plan.ts';
import { refusal } from '../component/refusal.ts';

const schema = z
  .strictObject({
    on: z.string().min(1).describe('equality of columns of both sides, e.g. order = id AND day = day'),
    how: z
      .enum(['inner', 'left', 'right', 'full', 'semi', 'anti'])
      .default('inner')
      .describe(
        'inner: rows with a match; left, right, full: also those without one, of this dataset, of the other, of both; ' +
          'semi, anti: rows of this dataset that have a match, or none, each once',
      ),
    take: z
      .union([z.array(z.string().min(1)).min(1), z.record(z.string().min(1), z.string().min(1))])
      .optional()
      .describe('columns of the other dataset, or new name → its column; default: all but those of `on`'),
    prefix: z.string().min(1).optional().describe('stands before the names of the columns taken'),
    broadcast: z
      .boolean()
      .default(false)
      .describe('true: the other dataset is small, read whole and handed to every chunk, so that no rows travel'),
  })
  .refine(
    ({ how, take, prefix }) => (how !== 'semi' && how !== 'anti') || (take ?? prefix) === undefined,
    refusal('semi and anti take no columns of the other dataset', {
      allowed: 'neither `take` nor `prefix` with how: "semi" or "anti"',
      change: 'leave `take` and `prefix` out, or set how to "inner" or "left"',
      path: ['take'],
    }),
  )
  .refine(
    ({ how, broadcast }) => !broadcast || (how !== 'right' && how !== 'full'),
    refusal('no chunk can tell which rows of a broadcast dataset are without a match in all the others', {
      allowed: 'broadcast with how: "inner", "left", "semi" or "anti"',
      change: 'leave `broadcast` out, or set how to one of these',
      path: ['broadcast'],
    }),
  );

type Options = z.output<typeof schema>;
type JoinOptions = z.input<typeof schema> & { /** The other dataset, of any size. */ readonly with: unknown };

/**
 * Puts each row together with every row of another dataset that has the same key; a NULL matches nothing. Both are
 * parted by the hash of the key, so either may be large. The other dataset is read whole in every run: its files are
 * never used up. In the ledger, further matches of a row count as multiplied, rows of the other dataset that found a
 * match as merged, and rows that are left out as filtered. With right and full, the key of a row that only the other
 * dataset has stands in the columns of this one.
 * @example join({ with: airports, on: 'origin = iata', how: 'left', prefix: 'origin_' })
 * @example join({ with: airports, on: 'origin = iata', how: 'anti' })
 */
export default defineOperator({
  component: 'join',
  schema,
  takesSide: true,
  sideFlows: ({ broadcast }) => !broadcast,
  author: ({ with: side, ...options }: JoinOptions) => ({ options, side }),
  shape: (options, { side = [] }) => ({
    form: 'join',
    how: options.how,
    on: { sql: options.on, path: ['on'] },
    take: taken(options, side),
  }),
});

function taken({ how, take, prefix = '' }: Options, side: readonly Column[]) {
  if (how === 'semi' || how === 'anti') return [];
  if (take === undefined) return { but: 'keys' as const, prefix };
  const entries = Array.isArray(take) ? take.map((name) => [name, name] as const) : Object.entries(take);
  return entries.map(([name, column], index) => ({
    name: `${prefix}${name}`,
    column: columnOf(column, side, Array.isArray(take) ? ['take', index] : ['take', name]).name,
  }));
}
