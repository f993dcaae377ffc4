import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import { quoted } from '../component/shape.ts';

const schema = z.strictObject({
  on: z.string().min(1).describe('equality of columns of both sides, e.g. origin = iata'),
  take: z
    .union([z.array(z.string().min(1)).min(1), z.record(z.string().min(1), z.string().min(1))])
    .describe('columns of the other dataset, or new name → its column'),
  unmatched: z.enum(['null', 'reject', 'drop']).default('null').describe('what becomes of a row without a match'),
});

type EnrichOptions = z.input<typeof schema> & {
  /** A small dataset, unique in the columns of `on`. */ readonly with: unknown;
};

/**
 * Adds columns of the one row of another dataset that matches. The other dataset is read whole and handed to every
 * chunk; a key that occurs twice in it fails the run, as the result would depend on chance.
 * @example enrich({ with: airports, on: 'origin = iata', take: ['city', 'state'] })
 * @example enrich({ with: airports, on: 'origin = iata', take: { originCity: 'city' }, unmatched: 'reject' })
 */
export default defineOperator({
  component: 'enrich',
  schema,
  takesSide: true,
  author: ({ with: side, ...options }: EnrichOptions) => ({ options, side }),
  shape({ on, take, unmatched }, { side = [] }) {
    const entries = Array.isArray(take) ? take.map((name) => [name, name] as const) : Object.entries(take);
    return {
      form: 'lookup',
      on: { sql: on, path: ['on'] },
      take: entries.map(([name, column], index) => {
        const path = Array.isArray(take) ? ['take', index] : ['take', name];
        return { name, expression: { sql: quoted(columnOf(column, side, path).name) } };
      }),
      unmatched,
    };
  },
});
