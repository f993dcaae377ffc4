import * as z from 'zod';
import { literal } from './shape.ts';

/** How numbers are written: what parts whole from fraction, and what parts groups of digits. */
interface Style {
  readonly decimal: string;
  /** Characters that may part groups. */
  readonly group: string;
  /** Groups left of the last three digits have two. */
  readonly pairs?: true;
}

/** White space that parts groups, on typewriters and off them. */
const spaces = ' \u00a0\u202f\u2009';
const point: Style = { decimal: '.', group: ',' };
const comma: Style = { decimal: ',', group: '.' };
const space: Style = { decimal: ',', group: spaces };
const apostrophe: Style = { decimal: '.', group: "'’" };
const lakh: Style = { ...point, pairs: true };

/** The same on every machine, which the tables of a runtime are not. */
export const numberStyles = {
  cs: space,
  da: comma,
  de: comma,
  'de-CH': apostrophe,
  el: comma,
  en: point,
  'en-IN': lakh,
  es: comma,
  'es-MX': point,
  fi: space,
  fr: space,
  hr: comma,
  hu: space,
  id: comma,
  it: comma,
  'it-CH': apostrophe,
  ja: point,
  ko: point,
  nb: space,
  nl: comma,
  pl: space,
  'pt-BR': comma,
  'pt-PT': space,
  ro: comma,
  ru: space,
  sk: space,
  sl: comma,
  sv: space,
  tr: comma,
  uk: space,
  zh: point,
} as const satisfies Record<string, Style>;

export const numberLocaleSchema = z.enum(Object.keys(numberStyles) as [keyof typeof numberStyles]);

export interface NumberText {
  readonly locale: keyof typeof numberStyles;
  /** A percent sign may follow; such a number is a hundredth. */
  readonly percent: boolean;
  /** Symbols and codes that may stand before or behind; `true`: any. */
  readonly currency: boolean | readonly string[];
}

/**
 * SQL of a number as SQL writes it, e.g. `-1234.56`, from a text as people write it; NULL where it is not one. Brackets
 * around it mean less than nothing, as accountants have it. Groups of digits have to be where they belong.
 * @param text SQL of the text; a simple expression, it is repeated
 */
export function plainNumber(text: string, { locale, percent, currency }: NumberText): string {
  const style: Style = numberStyles[locale];
  const group = `[${classOf(style.group)}]`;
  const grouped = style.pairs ? `\\d{1,2}(?:${group}\\d{2})*${group}\\d{3}` : `\\d{1,3}(?:${group}\\d{3})+`;
  const gap = `[${classOf(spaces)}\\t]*`;
  const unit = currency === false ? '' : `(?:${currencyPattern(currency)})?${gap}`;
  const sign = (name: string) => `(?P<${name}>[-+\u2212])?${gap}`;
  const pattern =
    `^${gap}(?P<open>\\()?${gap}${sign('first')}${unit}${unit ? sign('second') : '(?P<second>)'}` +
    `(?P<whole>${grouped}|\\d+)?(?:${classOf(style.decimal) === '.' ? '\\.' : style.decimal}(?P<part>\\d+))?` +
    `${gap}${unit}${percent ? `(?P<hundredth>%)?${gap}` : '(?P<hundredth>)'}(?P<close>\\))?${gap}$`;
  const names = ['open', 'first', 'second', 'whole', 'part', 'hundredth', 'close'].map(literal).join(', ');
  const found = `regexp_extract(${text}, ${literal(pattern)}, [${names}])`;
  const digits = `regexp_replace(__n.whole, ${literal(group)}, '', 'g')`;
  const padded = `repeat('0', 3 - length(${digits})) || ${digits}`;
  const hundredth = `left(${padded}, -2) || '.' || right(${padded}, 2) || __n.part`;
  const whole = `CASE WHEN ${digits} = '' THEN '0' ELSE ${digits} END || CASE WHEN __n.part <> '' THEN '.' || __n.part ELSE '' END`;
  const negative = `__n.open <> '' OR __n.first IN ('-', '\u2212') OR __n.second IN ('-', '\u2212')`;
  const sound = `__n.whole || __n.part <> '' AND (__n.open = '') = (__n.close = '') AND (__n.first = '' OR __n.second = '') AND (__n.open = '' OR __n.first || __n.second = '')`;
  const number = `CASE WHEN ${sound} THEN CASE WHEN ${negative} THEN '-' ELSE '' END || CASE WHEN __n.hundredth <> '' THEN ${hundredth} ELSE ${whole} END END`;
  return `list_transform([${found}], lambda __n: ${number})[1]`;
}

function currencyPattern(currency: true | readonly string[]): string {
  return currency === true
    ? '\\p{Sc}|[A-Z]{3}'
    : currency.map((one) => one.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
}

function classOf(characters: string): string {
  return [...characters].join('');
}
