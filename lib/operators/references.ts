import * as z from 'zod';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { refusal } from '../component/refusal.ts';

const names = z.array(z.string().min(1)).min(1);
const schema = z
  .strictObject({
    columns: names.describe('columns that point elsewhere'),
    against: z.string().min(1).optional().describe('published table, or another output of the pipeline'),
    among: names.describe('columns of the other rows, pair by pair'),
  })
  .refine(
    ({ columns, among }) => columns.length === among.length,
    refusal('has not as many columns as the other side', {
      allowed: 'as many columns in `among` as in `columns`, pair by pair',
      change: 'name the columns of both sides in pairs',
      path: ['among'],
    }),
  );

/** Where the other rows are: a table, or a small dataset that is read whole. */
type Target = ({ readonly table: string } | { readonly with: unknown }) &
  ({ readonly column: string } | { readonly columns: readonly string[] });

/**
 * Share of rows whose columns are found together in a row of another table or dataset, as a foreign key would demand.
 * A row with a NULL among them counts as found. Of another output of the pipeline the run's own rows count, and those
 * that were published before unless they are replaced.
 * @example references('origin', { table: 'airports', column: 'iata' })
 * @example references(['day', 'origin'], { with: calendar, columns: ['date', 'airport'] }, { onBreak: 'fail' })
 */
export default defineQualityRule({
  component: 'references',
  dimension: 'consistency',
  takesSide: true,
  schema,
  author: (columns: string | readonly string[], target: Target, common?: RuleOptions) => {
    // What is no object is told as what it stands in the place of.
    const said = typeof target === 'object' && target !== null ? target : { columns: target as never };
    return {
      options: {
        columns: [columns].flat(),
        ...('table' in said && { against: said.table }),
        among: 'column' in said ? [said.column] : said.columns,
      },
      ...('with' in said && { side: said.with ?? null }),
      common,
    };
  },
  columns: ({ columns }) => columns,
  others: ({ against, among }) => ({ table: against, columns: among }),
  measure: ({ columns, among }) => ({ form: 'members', columns, among }),
});
