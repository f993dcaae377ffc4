import * as z from 'zod';
import { defineOperator } from '../component/operator.ts';

const schema = z.strictObject({
  missing: z
    .enum(['null', 'error'])
    .default('error')
    .describe('what a column is that only some of the datasets have: NULL in the rows of the others, or an error'),
  origin: z.string().min(1).optional().describe('new column with the name of the dataset that a row comes from'),
});

type UnionOptions = z.input<typeof schema> & {
  /** The other datasets, one or several. */ readonly with: unknown | readonly unknown[];
};

/**
 * The rows of this dataset and of others, one after the other; equal rows stay as often as they are. Columns go
 * together by name, whatever their order, in the type that holds the values of all without loss.
 * @example union({ with: airports })
 * @example union({ with: [airports, calendar], missing: 'null', origin: 'dataset' })
 */
export default defineOperator({
  component: 'union',
  schema,
  takesOthers: true,
  author: ({ with: others, ...options }: UnionOptions) => ({ options, others: [others].flat() }),
  shape: ({ missing, origin }, { inputs = [] }) => ({
    form: 'union',
    missing,
    ...(origin !== undefined && { origin: { column: origin, names: titles(inputs.map(({ node }) => node)) } }),
  }),
});

/** Names of sources; where one occurs twice, what was made of it. */
function titles(nodes: readonly string[]): string[] {
  const sources = nodes.map((node) => node.split('.')[0]!);
  return sources.map((name, index) => (sources.indexOf(name) === sources.lastIndexOf(name) ? name : nodes[index]!));
}
