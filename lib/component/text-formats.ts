import * as z from 'zod';

const patternOf = (schema: z.ZodType) => (schema._zod.def as unknown as { readonly pattern: RegExp }).pattern;

/** What a text can look like that a contract knows by name: zod's own patterns, so that inferring and checking agree. */
export const textFormats: Readonly<Record<'email' | 'uuid' | 'ipv4', RegExp>> = {
  email: patternOf(z.email()),
  uuid: patternOf(z.uuid()),
  ipv4: patternOf(z.ipv4()),
};

const group = '[0-9a-fA-F]{1,4}';
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
/** The last two groups, which may be written as an address of four numbers. */
const ending = `(?:${group}:${group}|(?:${octet}\\.){3}${octet})`;
const before = (most: number) => `(?:(?:${group}:){0,${most}}${group})?`;
/** As RFC 3986 has it: groups, of which a row of nothing but zeros may be left out, once. */
export const ipv6 = [
  `(?:${group}:){6}${ending}`,
  `::(?:${group}:){5}${ending}`,
  ...[0, 1, 2, 3].map((most) => `${before(most)}::(?:${group}:){${4 - most}}${ending}`),
  `${before(4)}::${ending}`,
  `${before(5)}::${group}`,
  `${before(6)}::`,
].join('|');

/** What zod checks by code beside a pattern that is too wide or too narrow, by its name for the format. */
export const checkedByCode: Readonly<Record<string, RegExp>> = {
  base64: z.regexes.base64,
  base64url: z.regexes.base64url,
  ipv6: new RegExp(`^(?:${ipv6})$`),
  cidrv6: new RegExp(`^(?:${ipv6})/(?:12[0-8]|1[01]\\d|[1-9]?\\d)$`),
};
