import * as z from 'zod';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import { asItIs, literal, quoted } from '../component/shape.ts';

const schema = z.strictObject({
  columns: z.array(z.string().min(1)).optional().describe('text columns to clean; default: all of them'),
  nullTokens: z
    .array(z.string())
    .default(['', 'null', 'NULL', 'N/A', 'n/a', 'NA'])
    .describe('texts that mean NULL, compared after trimming'),
});

/**
 * Cleans text: removes control characters, trims white space, composes Unicode (NFC), turns null tokens into NULL.
 * Columns of other types pass as they are.
 * @example sanitize()
 * @example sanitize({ columns: ['city'], nullTokens: ['', '-'] })
 */
export default defineOperator({
  component: 'sanitize',
  schema,
  author: (options: z.input<typeof schema> = {}) => ({ options }),
  shape({ columns, nullTokens }, { input }) {
    const chosen = columns?.map((name, index) => {
      const column = columnOf(name, input, ['columns', index]);
      if (column.type !== 'VARCHAR')
        throw new ColumnTypeUnfitError(name, column.type, 'columns of text', ['columns', index]);
      return name;
    });
    const tokens = nullTokens.map(literal).join(', ');
    return {
      form: 'project',
      columns: input.map((column) => {
        if (column.type !== 'VARCHAR' || (chosen && !chosen.includes(column.name))) return asItIs(column);
        const clean = `nfc_normalize(trim(regexp_replace(${quoted(column.name)}, '[\\x00-\\x1F\\x7F]', '', 'g')))`;
        const sql = tokens === '' ? clean : `CASE WHEN ${clean} IN (${tokens}) THEN NULL ELSE ${clean} END`;
        return { name: column.name, expression: { sql } };
      }),
    };
  },
});
