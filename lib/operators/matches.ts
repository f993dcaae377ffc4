import * as z from 'zod';
import { columnOfKind } from '../component/column-types.ts';
import { asRe2, linearPatternSchema } from '../component/linear-pattern.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { literal, quoted } from '../component/shape.ts';

const schema = z.strictObject({
  column: z.string().min(1).describe('column of texts'),
  pattern: linearPatternSchema.describe(
    'regular expression (RE2) that is found somewhere in the text; ^ and $ tie it to the ends',
  ),
  flags: z
    .string()
    .regex(/^[ims]*$/, 'is not a set of flags: i, m and s, one behind the other')
    .default('')
    .describe('i: any case; m: ^ and $ at every line; s: a dot stands for a line end, too'),
});

/**
 * Share of rows whose text has a place that the regular expression matches. NULL counts as a match. The search takes
 * time in proportion to the text, whatever the expression is.
 * @example matches('flight', /^[A-Z]{2}\d{1,4}$/)
 */
export default defineQualityRule({
  component: 'matches',
  dimension: 'accuracy',
  schema,
  author: (column: string, pattern: RegExp | string, common?: RuleOptions) => ({
    // A test of one text knows no flags for many matches, and all text is unicode.
    options:
      pattern instanceof RegExp
        ? { column, pattern: pattern.source, flags: pattern.flags.replace(/[dguv]/g, '') }
        : { column, pattern },
    common,
  }),
  columns: ({ column }) => [column],
  measure({ column, pattern, flags }, columns) {
    columnOfKind(column, columns, 'text');
    const expression = literal(flags ? `(?${flags})${asRe2(pattern)}` : asRe2(pattern));
    return { form: 'count', holds: `regexp_matches(${quoted(column)}, ${expression})`, shown: pattern };
  },
});
