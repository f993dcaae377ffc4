import * as z from 'zod';
import { columnOfKind } from '../component/column-types.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { literal, quoted } from '../component/shape.ts';

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const hex = '[0-9A-Fa-f]';
const text = (pattern: string) => (column: string) => `regexp_full_match(${column}, ${literal(pattern)})`;

/** For each format an expression that is true for text of it. */
const formats = {
  email: text(`[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]+)*@(${label}\\.)+[A-Za-z]{2,63}`),
  uuid: text(`${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}`),
  ipv4: text(`${octet}(\\.${octet}){3}`),
  url: text(`https?://(${label}\\.)*${label}(:[0-9]{1,5})?([/?#][^\\s]*)?`),
  /** On the calendar, too. */
  date: (column: string) =>
    `(regexp_full_match(${column}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(${column} AS DATE) IS NOT NULL)`,
} as const;

/**
 * Share of rows whose text has a format: `email`, `uuid`, `ipv4`, `url` (http and https) or `date` (ISO 8601, on the
 * calendar). NULL counts as one that has it.
 * @example formatted('contact', 'email', { atLeast: 0.95 })
 */
export default defineQualityRule({
  component: 'formatted',
  dimension: 'validity',
  schema: z.strictObject({
    column: z.string().min(1).describe('column of texts'),
    format: z.enum(Object.keys(formats) as [keyof typeof formats]).describe('what the texts should look like'),
  }),
  author: (column: string, format: keyof typeof formats, common?: RuleOptions) => ({
    options: { column, format },
    common,
  }),
  columns: ({ column }) => [column],
  measure({ column, format }, columns) {
    columnOfKind(column, columns, 'text');
    return { form: 'count', holds: `${quoted(column)} IS NULL OR ${formats[format](quoted(column))}` };
  },
});
