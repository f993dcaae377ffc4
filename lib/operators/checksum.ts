import * as z from 'zod';
import { columnOfKind } from '../component/column-types.ts';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { fractionRoom } from '../component/fraction-digits.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { quoted } from '../component/shape.ts';

/** Characters of an IBAN by country, as the registry of ISO 13616 has them. */
const ibanLengths =
  `NO15 BE16 DK18 FO18 FI18 GL18 NL18 SD18 FK18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 MN20 CR22 DE22
  CH21 HR21 LI21 LV21 BG22 BH22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 OM23 TL23 SO23 AD24 CZ24 ES24 MD24
  PK24 RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 DJ27 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 BY28
  CY28 DO28 GT28 HU28 LB28 NI28 PL28 SV28 HN28 YE30 BR29 EG29 PS29 QA29 UA29 KW30 JO30 MU30 MT31 SC31 LC32 RU33`
    .split(/\s+/)
    .map((entry) => `WHEN '${entry.slice(0, 2)}' THEN ${entry.slice(2)}`)
    .join(' ');

/** Text without the blanks and hyphens that people write it with. */
const bare = (column: string) => `upper(regexp_replace(${column}::VARCHAR, '[ -]', '', 'g'))`;
const characters = (text: string) => `string_split(${text}, '')`;
const sum = (text: string, digit: string) => `list_sum(list_transform(${characters(text)}, lambda c, i: ${digit}))`;
const digit = '(ascii(c) - 48)';

/** For each kind an expression that is true for a text (in capitals, without blanks) whose check digits are right. */
const kinds = {
  /** Every second digit from the right counts twice, with its digits added up. */
  luhn: (text: string) =>
    `regexp_full_match(${text}, '[0-9]{2,}') AND ` +
    `${sum(`reverse(${text})`, `CASE WHEN i % 2 = 0 THEN 2 * ${digit} - CASE WHEN c > '4' THEN 9 ELSE 0 END ELSE ${digit} END`)} % 10 = 0`,
  /** Country and check digits behind the rest, letters as numbers from 10: the remainder by 97 is 1. */
  iban: (text: string) => {
    const turned = characters(`substr(${text}, 5) || substr(${text}, 1, 4)`);
    const numbers = `list_transform(${turned}, lambda c: CASE WHEN c >= 'A' THEN ascii(c) - 55 ELSE ${digit} END)`;
    const remainder = `list_reduce(${numbers}, lambda rest, n: (rest * CASE WHEN n > 9 THEN 100 ELSE 10 END + n) % 97)`;
    return (
      `regexp_full_match(${text}, '[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}') AND ` +
      `length(${text}) = CASE substr(${text}, 1, 2) ${ibanLengths} ELSE length(${text}) END AND ${remainder} = 1`
    );
  },
  /** Ten characters weighted from 10 down, of which the last may be X, or thirteen digits weighted 1 and 3. */
  isbn: (text: string) =>
    `(regexp_full_match(${text}, '[0-9]{9}[0-9X]') AND ${sum(text, `(11 - i) * CASE WHEN c = 'X' THEN 10 ELSE ${digit} END`)} % 11 = 0 ` +
    `OR regexp_full_match(${text}, '97[89][0-9]{10}') AND ${sum(text, `${digit} * CASE WHEN i % 2 = 0 THEN 3 ELSE 1 END`)} % 10 = 0)`,
} as const;

/**
 * Share of rows whose check digits are right: `iban` (of a country's length, too), `luhn` (cards and the like), `isbn`
 * (10 and 13). Blanks and hyphens are passed over. NULL counts as right.
 * @example checksum('account', 'iban')
 */
export default defineQualityRule({
  component: 'checksum',
  dimension: 'accuracy',
  schema: z.strictObject({
    column: z.string().min(1).describe('column of texts or numbers with check digits'),
    kind: z.enum(Object.keys(kinds) as [keyof typeof kinds]).describe('how the digits are checked'),
  }),
  author: (column: string, kind: keyof typeof kinds, common?: RuleOptions) => ({ options: { column, kind }, common }),
  columns: ({ column }) => [column],
  measure({ column, kind }, columns) {
    const { type } = columnOf(column, columns);
    columnOfKind(column, columns, 'text', 'number');
    // As text they have a point, and digits behind it.
    if (fractionRoom(type) > 0) throw new ColumnTypeUnfitError(column, type, 'a text or a whole number');
    return { form: 'count', holds: kinds[kind](bare(quoted(column))) };
  },
});
