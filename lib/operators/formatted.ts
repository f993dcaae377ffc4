import * as z from 'zod';
import { columnOfKind } from '../component/column-types.ts';
import { onCalendar } from '../component/conversion.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { literal, quoted } from '../component/shape.ts';
import { ipv6 } from '../component/text-formats.ts';

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const hex = '[0-9A-Fa-f]';
const port = '(:(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4}))?';
const host = `((${label}\\.)*${label}|\\[(${ipv6})\\])`;
const user = '([^\\x00-\\x20\\x7f/?#@\\[\\]]*@)?';
const text = (pattern: string) => (column: string) => `regexp_full_match(${column}, ${literal(pattern)})`;

/** For each format an expression that is true for text of it. */
const formats = {
  email: text(`[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]+)*@(${label}\\.)+[A-Za-z]{2,63}`),
  uuid: text(`${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}`),
  ipv4: text(`${octet}(\\.${octet}){3}`),
  url: text(`(?i:https?)://${user}${host}${port}([/?#][^\\x00-\\x20\\x7f]*)?`),
  /** On the calendar, too, which begins with the year 1. */
  date: (column: string) =>
    `(regexp_full_match(${column}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND coalesce(${onCalendar(`TRY_CAST(${column} AS DATE)`, 'DATE')}, false))`,
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
