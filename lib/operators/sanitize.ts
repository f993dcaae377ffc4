import * as z from 'zod';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import { asItIs, literal, quoted } from '../component/shape.ts';

const schema = z.strictObject({
  columns: z.array(z.string().min(1)).optional().describe('text columns to clean; default: all of them'),
  control: z.boolean().default(true).describe('remove control characters, and those that are not seen'),
  trim: z.boolean().default(true).describe('remove white space at both ends, that of any script'),
  spaces: z
    .enum(['keep', 'single'])
    .default('keep')
    .describe('single: white space inside, tabs and line ends too, becomes one space'),
  unicode: z.boolean().default(true).describe('compose characters and their accents (NFC)'),
  nullTokens: z
    .array(z.string())
    .default(['', 'null', 'NULL', 'N/A', 'n/a', 'NA'])
    .describe('texts that mean NULL, compared when all else is done'),
});

/** Control characters, soft hyphens, marks of byte order, and what turns the direction of writing: nobody sees them. */
const unseen = '\\x00-\\x1F\\x7F-\\x9F\\x{AD}\\x{200B}\\x{2060}\\x{FEFF}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}';
const white = '\\s\\p{Z}';

/**
 * Cleans text: removes control characters, trims white space, composes Unicode (NFC), turns null tokens into NULL.
 * Columns of other types pass as they are.
 * @example sanitize()
 * @example sanitize({ columns: ['city'], spaces: 'single', nullTokens: ['', '-'] })
 */
export default defineOperator({
  component: 'sanitize',
  schema,
  author: (options: z.input<typeof schema> = {}) => ({ options }),
  shape({ columns, nullTokens, ...how }, { input }) {
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
        const clean = cleaned(quoted(column.name), how);
        const sql = tokens === '' ? clean : `CASE WHEN ${clean} IN (${tokens}) THEN NULL ELSE ${clean} END`;
        return { name: column.name, expression: { sql }, ...(tokens === '' && { nullWith: column.name }) };
      }),
    };
  },
});

type How = Omit<z.output<typeof schema>, 'columns' | 'nullTokens'>;

/** SQL of a clean text. Tabs become spaces before they would be removed; what is removed between spaces parts none. */
function cleaned(column: string, { control, trim, spaces, unicode }: How): string {
  const ends = `[${white}${control ? unseen : ''}]+`;
  const gone = [...(trim ? [`^${ends}`, `${ends}$`] : []), ...(control ? [`[${unseen}]`] : [])].join('|');
  const between = control ? `[${white}${unseen}]*` : '';
  const single =
    spaces === 'single' ? `regexp_replace(${column}, '${between}[${white}]+${between}', ' ', 'g')` : column;
  const kept = gone === '' ? single : `regexp_replace(${single}, '${gone}', '', 'g')`;
  return unicode ? `nfc_normalize(${kept})` : kept;
}
