import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import { refusal } from '../component/refusal.ts';
import { literal, quoted } from '../component/shape.ts';

const schema = z
  .strictObject({
    share: z.number().gt(0).lt(1).optional().describe('share of the rows, or of the keys where `by` is given; 0 to 1'),
    count: z.int().min(1).optional().describe('rows at the most, of each key where `by` is given'),
    by: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('columns of a key: with `share` its rows go on together, with `count` each key has its own rows'),
    seed: z.string().default('').describe('another text draws another sample'),
  })
  .refine(
    ({ share, count }) => (share === undefined) !== (count === undefined),
    refusal('one of share and count says how large the sample is', {
      allowed: 'share or count, not both',
      change: 'give one of them',
      path: ['share'],
    }),
  );

/**
 * Keeps some of the rows; the others are filtered. Which ones depends on their values and the seed alone, not on chance:
 * every run draws the same, and rows that are equal go on together, or not at all. With `count` rows have to meet.
 * @example sample({ share: 0.01 })
 * @example sample({ share: 0.1, by: ['customer'], seed: 'spring' })
 * @example sample({ count: 5, by: ['country'] })
 */
export default defineOperator({
  component: 'sample',
  schema,
  author: (options: z.input<typeof schema>) => ({ options }),
  meetBy: ({ count, by = [] }) => (count === undefined ? undefined : by),
  shape({ share, count, by, seed }, { input }) {
    const key = by?.map((name, index) => columnOf(name, input, ['by', index]).name);
    const drawn = (names: readonly string[]) => {
      const values = names.map((name) => `${quoted(name)}::VARCHAR`);
      return { sql: `md5_number_lower(json_array(${[literal(seed), ...values].join(', ')})::VARCHAR)` };
    };
    const names = input.map(({ name }) => name);
    const of = key ? ` by ${key.join(', ')}` : '';
    if (share === undefined)
      return { form: 'draw', key: key ?? [], order: drawn(names), count: count!, rule: `sample of ${count}${of}` };
    // Exact where the product itself would not be: a DOUBLE has fewer digits than the hash.
    const bound = BigInt(Math.floor(share * 2 ** 53)) << 11n;
    const condition = { sql: `${drawn(key ?? names).sql} < ${bound}::UBIGINT` };
    return { form: 'keep', rule: `sample of ${share}${of}`, condition };
  },
});
