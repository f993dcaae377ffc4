import * as z from 'zod';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import type { Column } from '../component/plan.ts';
import { asItIs, literal, type Projection, quoted } from '../component/shape.ts';
import { structFields } from '../component/struct-type.ts';

const schema = z.strictObject({
  columns: z.array(z.string().min(1)).min(1).optional().describe('columns of structures; default: all that there are'),
  prefix: z.boolean().default(true).describe('names of new columns begin with those of what they stood in'),
  separator: z.string().default('_').describe('stands between the parts of such a name'),
  depth: z.int().min(1).optional().describe('how many structures within structures are opened; default: all'),
});

/**
 * Gives each member of a structure a column of its own, in place of the structure. Of a structure that is NULL all
 * members are. Lists stay what they are.
 * @example flatten()
 * @example flatten({ columns: ['address'], prefix: false, depth: 1 })
 */
export default defineOperator({
  component: 'flatten',
  schema,
  author: (options: z.input<typeof schema> = {}) => ({ options }),
  shape({ columns, ...naming }, { input }) {
    for (const [index, name] of (columns ?? []).entries()) {
      const { type } = columnOf(name, input, ['columns', index]);
      if (!structFields(type)) throw new ColumnTypeUnfitError(name, type, 'a column of structures', ['columns', index]);
    }
    const opened = (column: Column) => columns === undefined || columns.includes(column.name);
    return {
      form: 'project',
      columns: input.flatMap((column) => (opened(column) ? membersOf(column, naming) : [asItIs(column)])),
    };
  },
});

type Naming = Omit<z.output<typeof schema>, 'columns'>;

function membersOf(column: Column, { prefix, separator, depth = Number.POSITIVE_INFINITY }: Naming): Projection[] {
  const open = (path: readonly string[], sql: string, type: string): Projection[] => {
    const members = path.length <= depth ? structFields(type) : undefined;
    if (!members)
      return [{ name: prefix || path.length === 1 ? path.join(separator) : path.at(-1)!, expression: { sql } }];
    return members.flatMap((member) => {
      return open([...path, member.name], `struct_extract(${sql}, ${literal(member.name)})`, member.type);
    });
  };
  return open([column.name], quoted(column.name), column.type);
}
