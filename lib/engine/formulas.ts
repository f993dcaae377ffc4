import { literal } from '../component/shape.ts';

/**
 * What spreadsheets take for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection. The wide
 * forms of the signs count in some languages, and what stands behind a line break in others.
 */
const starters = '=+@\\t\\r\\n＝＋－＠-';

/** A text that was neutral before counts as well: with a further apostrophe, what was there can always be told. */
export const startsFormula = new RegExp(`^'*[${starters}]`);

/** SQL of a text with an apostrophe before it where a spreadsheet would compute it. */
export function neutral(text: string): string {
  return `CASE WHEN regexp_matches(${text}, ${literal(startsFormula.source)}) THEN '''' || ${text} ELSE ${text} END`;
}
