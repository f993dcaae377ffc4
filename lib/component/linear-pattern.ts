import * as z from 'zod';
import { refusal } from './refusal.ts';

/** A regular expression that is searched in time proportional to the text, whatever it is (RE2). */
export const linearPatternSchema = z
  .string()
  .min(1)
  .refine(
    (pattern) => !/\(\?<?[=!]|(^|[^\\])(\\\\)*\\[1-9]/.test(pattern),
    refusal('holds a look-around or a back reference, which a search in linear time does not know', {
      allowed: 'a regular expression of RE2: no (?=, (?!, (?<=, (?<! and no \\1',
      change: 'write the pattern without them',
    }),
  );

/** A pattern in RE2's own spelling: other versions of it know named groups only with a P. */
export function asRe2(pattern: string): string {
  return tokensOf(pattern)
    .map((token) => token.replace(/^\(\?</, '(?P<'))
    .join('');
}

/** Names of the groups that a pattern captures, in order; undefined for one without a name. */
export function groupsOf(pattern: string): (string | undefined)[] {
  return tokensOf(pattern)
    .filter((token) => token === '(' || /^\(\?P?</.test(token))
    .map((token) => /<(.+)>$/.exec(token)?.[1]);
}

/** Escapes, sets of characters and openings of groups, each whole; all else character by character. */
function tokensOf(pattern: string): string[] {
  return pattern.match(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?(?:P?<[^>]*>)?|\(|[\s\S]/g) ?? [];
}
