import * as z from 'zod';
import { columnOfKind } from '../component/column-types.ts';
import { javascriptAsRe2 } from '../component/javascript-pattern.ts';
import { asRe2, linearPatternSchema } from '../component/linear-pattern.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { literal, quoted } from '../component/shape.ts';

const anyFlags = /^[imsuv]*$/;

const schema = z
  .strictObject({
    column: z.string().min(1).describe('column of texts'),
    pattern: linearPatternSchema.describe(
      'regular expression (RE2) that is found somewhere in the text; ^ and $ tie it to the ends',
    ),
    flags: z
      .string()
      .regex(anyFlags, 'is not a set of flags: i, m and s, of JavaScript also u and v, one behind the other')
      .default('')
      .describe('i: any case; m: ^ and $ at every line; s: a dot stands for a line end, too'),
    javascript: z
      .literal(true)
      .optional()
      .describe(
        'read the pattern, and its flags, as JavaScript does, whose blanks and line ends are others than RE2 knows',
      ),
  })
  .superRefine(({ pattern, flags, javascript }, context) => {
    const refuse = (path: string, message: string, allowed: string, change: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { allowed, change } });
    if (!javascript && /[uv]/.test(flags))
      return refuse('flags', 'holds a flag of JavaScript', 'i, m and s', 'say `javascript: true`, or leave it out');
    try {
      // What is wrong with it in any case has been said.
      if (javascript && anyFlags.test(flags) && linearPatternSchema.safeParse(pattern).success)
        expressionOf({ pattern, flags, javascript });
    } catch (error) {
      const allowed = 'what a search in linear time (RE2) can be told';
      if (error instanceof UntoldError || error instanceof SyntaxError)
        return refuse('pattern', error.message, allowed, 'write the pattern without it');
      throw error;
    }
  });

/** A pattern of JavaScript that RE2 cannot be told. */
class UntoldError extends Error {}

function expressionOf({
  pattern,
  flags,
  javascript,
}: Pick<z.infer<typeof schema>, 'pattern' | 'flags' | 'javascript'>) {
  if (javascript) return javascriptAsRe2(new RegExp(pattern, flags), (why) => new UntoldError(why));
  return flags ? `(?${flags})${asRe2(pattern)}` : asRe2(pattern);
}

/**
 * Share of rows whose text has a place that the regular expression matches: one of JavaScript by what it means there, a
 * text by what it means to RE2. NULL counts as a match. The search takes time in proportion to the text, whatever the
 * expression is.
 * @example matches('flight', /^[A-Z]{2}\d{1,4}$/)
 */
export default defineQualityRule({
  component: 'matches',
  dimension: 'accuracy',
  schema,
  author: (column: string, pattern: RegExp | string, common?: RuleOptions) => ({
    // A test of one text knows no flags for many matches.
    options:
      pattern instanceof RegExp
        ? { column, pattern: pattern.source, flags: pattern.flags.replace(/[dg]/g, ''), javascript: true }
        : { column, pattern },
    common,
  }),
  columns: ({ column }) => [column],
  measure({ column, ...searched }, columns) {
    columnOfKind(column, columns, 'text');
    const expression = literal(expressionOf(searched));
    return { form: 'count', holds: `regexp_matches(${quoted(column)}, ${expression})`, shown: searched.pattern };
  },
});
