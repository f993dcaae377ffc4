import * as z from 'zod';
import { kindOf } from '../component/column-types.ts';
import { type Conversion, conversion, targetTypeSchema } from '../component/conversion.ts';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { named } from '../component/named.ts';
import { defineOperator } from '../component/operator.ts';
import { asItIs, literal, type Projection, quoted, type Rejection } from '../component/shape.ts';
import { timeFormatSchema } from '../component/time-format.ts';

const target = z.union([
  targetTypeSchema,
  z.strictObject({
    type: z.enum(['DATE', 'TIMESTAMP']).describe('what the text becomes'),
    format: timeFormatSchema.describe('strptime format of the text, e.g. %b %d %Y'),
  }),
]);
const schema = z.strictObject({
  columns: named(target, { one: 'a column with its type', example: "{ day: 'DATE' }" }).describe('column → type'),
});

type Target = z.input<typeof target>;

/**
 * Changes the type of columns. A value that does not convert, or would lose digits or a time of day by it, rejects its
 * row; NULL stays NULL. Lists and structures become their JSON text. To round or cut on purpose, say so with `derive`.
 * @example cast({ price: 'DECIMAL(12,2)' })
 * @example cast({ released: { type: 'DATE', format: '%b %d %Y' } })
 */
export default defineOperator({
  component: 'cast',
  schema,
  author: (columns: Readonly<Record<string, Target>>) => ({ options: { columns } }),
  shape({ columns }, { input }) {
    const rejections: Rejection[] = [];
    const converted = new Map<string, Projection>();
    for (const [name, wanted] of Object.entries(columns)) {
      const path = ['columns', name];
      const { type } = columnOf(name, input, path);
      if (!canBecome(type, wanted)) throw new ColumnTypeUnfitError(name, type, allowedFor(wanted), path);
      const column = quoted(name);
      const { value, kept } = typeof wanted === 'string' ? conversion(column, type, wanted) : parsed(column, wanted);
      const user = typeof wanted === 'string' ? { path } : { path: [...path, 'format'], shown: wanted.format };
      converted.set(name, { name, expression: { sql: value, ...user }, nullWith: name });
      const shown = typeof wanted === 'string' ? wanted : `${wanted.type} like ${wanted.format}`;
      rejections.push({
        rule: `${name} is ${shown}`,
        column: name,
        holds: { sql: `${column} IS NULL OR ${kept(value)}` },
        message: `is not ${shown}`,
      });
    }
    return {
      form: 'project',
      columns: input.map((column) => converted.get(column.name) ?? asItIs(column)),
      rejections,
    };
  },
});

/** False where no value can be converted, so that every row would be rejected. */
function canBecome(type: string, wanted: z.output<typeof target>): boolean {
  if (typeof wanted !== 'string') return kindOf(type) === 'text';
  const [from, to] = [kindOf(type), kindOf(wanted)];
  if (type === wanted || to === 'text') return true;
  if (from === undefined || to === undefined) return from === 'text';
  return from === 'text' || from === to || [from, to].every((kind) => kind === 'number' || kind === 'boolean');
}

function allowedFor(wanted: z.output<typeof target>): string {
  if (typeof wanted !== 'string') return `a column of text, to be ${wanted.type} by its format`;
  const kind = kindOf(wanted);
  const others =
    kind === 'time' ? ', DATE or TIMESTAMP' : kind === 'number' || kind === 'boolean' ? ', number or BOOLEAN' : '';
  return `a column that can become ${wanted}: text${others}`;
}

function parsed(column: string, { type, format }: { type: string; format: string }): Conversion {
  const time = `TRY_STRPTIME(${column}, ${literal(format)})`;
  return { value: `${time}::${type}`, kept: (value) => `coalesce(${value} = ${time}, false)` };
}
