import * as z from 'zod';
import { kindOf } from '../component/column-types.ts';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { asRe2, linearPatternSchema } from '../component/linear-pattern.ts';
import { defineOperator } from '../component/operator.ts';
import { refusal } from '../component/refusal.ts';
import { asItIs, literal, type Projection, quoted, type Rejection } from '../component/shape.ts';

const schema = z
  .strictObject({
    column: z.string().min(1).describe('column of text'),
    by: z
      .union([
        z.string().min(1),
        z.strictObject({
          pattern: linearPatternSchema.describe('regular expression (RE2) of what stands between parts'),
        }),
      ])
      .describe('what stands between parts: a text, or { pattern }'),
    into: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('columns for the parts; default: one list in its place'),
    more: z
      .enum(['reject', 'last'])
      .default('reject')
      .describe('of more parts than columns: reject the row, or leave the rest together in the last one'),
    fewer: z
      .enum(['null', 'reject'])
      .default('null')
      .describe('of fewer parts than columns: the last ones are NULL, or the row is rejected'),
    trim: z.boolean().default(true).describe('take white space around parts away'),
    empty: z
      .enum(['drop', 'keep'])
      .optional()
      .describe('parts without any character; default: dropped from a list, and NULL in a column'),
  })
  .refine(
    ({ more, by }) => more === 'reject' || typeof by === 'string',
    refusal('goes with a text between parts: of a pattern nobody knows what stood there', {
      allowed: 'more: "reject" where parts are cut by a pattern',
      change: 'cut by a text, or set more to "reject"',
      path: ['more'],
    }),
  )
  .refine(
    ({ more, fewer, into }) => into !== undefined || (more === 'reject' && fewer === 'null'),
    refusal('`more` and `fewer` go with `into`: a list has any number of parts', {
      allowed: '`more` and `fewer` beside `into`',
      change: 'name the new columns with `into`, or leave `more` and `fewer` out',
      path: ['into'],
    }),
  );

/**
 * Cuts text at a separator: into a list, for `explode`, or into columns that take the text's place. NULL stays NULL.
 * @example split('tags', { by: ',' })
 * @example split('name', { by: ' ', into: ['first', 'last'], more: 'last' })
 * @example split('line', { by: { pattern: '\\s*[;|]\\s*' }, into: ['code', 'text', 'unit'], fewer: 'reject' })
 */
export default defineOperator({
  component: 'split',
  schema,
  author: (column: string, options: Omit<z.input<typeof schema>, 'column'>) => ({ options: { column, ...options } }),
  shape({ column, by, into, more, fewer, trim, empty }, { input }) {
    const { type } = columnOf(column, input, ['column']);
    if (kindOf(type) !== 'text') throw new ColumnTypeUnfitError(column, type, 'a column of text', ['column']);
    const text = `${quoted(column)}::VARCHAR`;
    const cut =
      typeof by === 'string'
        ? `string_split(${text}, ${literal(by)})`
        : `string_split_regex(${text}, ${literal(asRe2(by.pattern))})`;
    const clean = (part: string) => (trim ? `trim(${part}, ' \t\r\n')` : part);
    const place = typeof by === 'string' ? ['by'] : ['by', 'pattern'];
    if (!into) {
      const parts = trim ? `list_transform(${cut}, lambda __part: ${clean('__part')})` : cut;
      const sql = empty === 'keep' ? parts : `list_filter(${parts}, lambda __part: __part <> '')`;
      const expression = { sql, path: place, shown: `split by ${shownOf(by)}` };
      const list = { name: column, expression, nullWith: column };
      return { form: 'project', columns: input.map((one) => (one.name === column ? list : asItIs(one))) };
    }
    const last = into.length - 1;
    const columns = into.map((name, index): Projection => {
      const whole = more === 'last' && index === last ? restOf(index, by as string) : `__parts[${index + 1}]`;
      const part = clean(whole);
      if (empty !== 'keep') return { name, expression: { sql: `nullif(${part}, '')` } };
      // Of any text there is a first part, and where fewer are rejected there are all.
      return { name, expression: { sql: part }, ...((index === 0 || fewer === 'reject') && { nullWith: column }) };
    });
    const rejections: Rejection[] = [];
    const check = (rule: string, holds: string) =>
      rejections.push({ rule: `${column} has ${rule}`, column, holds: { sql: holds }, message: `has not ${rule}` });
    if (more === 'reject') check(`at most ${into.length} parts`, `len(__parts) <= ${into.length}`);
    if (fewer === 'reject') check(`at least ${into.length} parts`, `len(__parts) >= ${into.length}`);
    return {
      form: 'project',
      lets: [{ name: '__parts', expression: { sql: cut, path: place, shown: `split by ${shownOf(by)}` } }],
      columns: input.flatMap((one) => (one.name === column ? columns : [asItIs(one)])),
      rejections,
    };
  },
});

/** SQL of the parts from one on, put together again. */
function restOf(index: number, by: string): string {
  return `CASE WHEN len(__parts) > ${index} THEN array_to_string(__parts[${index + 1}:], ${literal(by)}) END`;
}

function shownOf(by: z.output<typeof schema>['by']): string {
  return typeof by === 'string' ? JSON.stringify(by) : by.pattern;
}
