/**
 * A pattern of JavaScript in the spelling of RE2 that means the same. Contracts are written with patterns of JavaScript, and
 * DuckDB searches with RE2, which reads many of them otherwise without a word: `\s` knows no more than five blanks there, a
 * dot stands for a carriage return, and `\A` is no letter.
 *
 * Texts are characters and not halves of them, so a pattern is taken as it is with the flag `u`, whether it has that or not.
 * @param refuse makes the error for what RE2 cannot be told
 */
export function javascriptAsRe2({ source, flags }: RegExp, refuse: (why: string) => Error): string {
  const reading = { unicode: /[uv]/.test(flags), sets: flags.includes('v'), refuse };
  const unknown = [...flags].find((flag) => !'imsuvgd'.includes(flag));
  if (unknown !== undefined) throw refuse(`its pattern has the flag "${unknown}"`);
  const anyLine = flags.includes('s');
  const manyLines = flags.includes('m');
  const tokens = source.match(token) ?? [];
  let depth = 0;
  const parts = tokens.map((text, at) => {
    if (text === '(' || text.startsWith('(?')) depth++;
    if (text === ')') depth--;
    if (text === '.') return anyLine ? '(?s:.)' : notALineEnd;
    if (manyLines && (text === '^' || text === '$')) return atLineEnd(text, tokens, { at, depth, refuse });
    return outsideOfSet(text, reading);
  });
  return `${flags.includes('i') ? '(?i)' : ''}${parts.join('')}`;
}

/** A pattern of a contract in YAML, where no flag can be said: it has the flag `u` where it makes use of it. */
export function writtenPattern(text: string): RegExp {
  return new RegExp(text, /\\[pP]\{|\\u\{/.test(text) ? 'u' : '');
}

interface Reading {
  /** Escapes are read as with the flags u and v. */
  readonly unicode: boolean;
  /** Sets are read as with the flag v. */
  readonly sets: boolean;
  readonly refuse: (why: string) => Error;
}

const escapes =
  /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u\{[\da-fA-F]+\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\c[A-Za-z]|\\[pP]\{[^}]*\}|\\k<[^>]*>|\\\d+|\\[\s\S]/
    .source;
const group = /\(\?(?:<?[=!]|<[^>]*>|[a-z]*(?:-[a-z]*)?:)/.source;
const token = new RegExp(`${escapes}|\\[(?:\\\\[\\s\\S]|[^\\]\\\\])*\\]|${group}|\\{\\d+(?:,\\d*)?\\}|[\\s\\S]`, 'gu');
const inSet = new RegExp(`${escapes}|[\\s\\S]`, 'gu');

const notALineEnd = '[^\\n\\r\\x{2028}\\x{2029}]';
const blanks =
  '\\x09-\\x0d\\x20\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const noBlanks =
  '\\x00-\\x08\\x0e-\\x1f\\x21-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';

function outsideOfSet(text: string, reading: Reading): string {
  if (text === '\\s') return `[${blanks}]`;
  if (text === '\\S') return `[^${blanks}]`;
  if (/^\\[bB]$/.test(text)) return text;
  if (text.startsWith('\\')) return escaped(text, reading);
  if (text.startsWith('[')) return setOf(text, reading);
  if (text.startsWith('(?')) return groupOf(text, reading.refuse);
  if (/^\{\d/.test(text)) return repeated(text, reading.refuse);
  // To JavaScript a bracket that nothing has opened, or that does not count, is a letter like others.
  return /^[{}\]]$/.test(text) ? `\\${text}` : text;
}

function groupOf(text: string, refuse: Reading['refuse']): string {
  if (/^\(\?<?[=!]/.test(text)) throw refuse('its pattern looks around, which a search in linear time cannot');
  if (text.startsWith('(?<')) return '(';
  if (/[ms]/.test(text)) throw refuse(`its pattern holds "${text}": only "i" can be switched inside of one`);
  return text;
}

function repeated(text: string, refuse: Reading['refuse']): string {
  const most = Math.max(...text.slice(1, -1).split(',').map(Number));
  if (most > 1000) throw refuse(`its pattern repeats something ${most} times, of 1000 that are allowed`);
  return text;
}

/** A single character, or a class of them that RE2 spells alike. */
function escaped(text: string, { unicode, refuse }: Reading): string {
  if (/^\\[dDwW]$/.test(text)) return text;
  if (/^\\(k<|[1-9])/.test(text))
    throw refuse('its pattern refers back to a group, which a search in linear time cannot');
  if (text === '\\0') return '\\x00';
  if (/^\\u\{/.test(text) && !unicode) throw refuse(`its pattern holds "${text}", which needs the flag "u"`);
  if (/^\\[uxc]./.test(text)) return character(text, refuse);
  if (/^\\[pP]\{/.test(text)) {
    if (!unicode) throw refuse(`its pattern holds "${text}", which needs the flag "u"`);
    return text.replace(/(?:Script|sc|General_Category|gc)=/, '');
  }
  if (/^\\[tnvfr]$/.test(text)) return text;
  // JavaScript takes each of these for the letter itself, which hardly anybody means.
  if (/^\\[\da-zA-Z]/.test(text)) throw refuse(`its pattern holds "${text}", which stands for nothing in JavaScript`);
  return /^\\[!-~]$/.test(text) ? text : text.slice(1);
}

function character(text: string, refuse: Reading['refuse']): string {
  const digits = text.match(/[\da-fA-F]+/g)!;
  if (text.startsWith('\\c')) return hexadecimal(text.charCodeAt(2) % 32);
  const code =
    digits.length === 2 ? String.fromCharCode(...digits.map(toNumber)).codePointAt(0)! : toNumber(digits[0]!);
  if (code >= 0xd800 && code <= 0xdfff) throw refuse(`its pattern holds "${text}", which is half a character`);
  return hexadecimal(code);
}

const toNumber = (digits: string) => Number.parseInt(digits, 16);
const hexadecimal = (code: number) => `\\x{${code.toString(16)}}`;

function setOf(text: string, reading: Reading): string {
  const { refuse } = reading;
  if (/\[:\^?\w+:\]/.test(text)) throw refuse(`its pattern holds "${text}", which JavaScript does not know`);
  if (reading.sets && /&&|--|\\q|.\[/.test(text))
    throw refuse(`its pattern holds "${text}": sets of the flag "v" are not known here`);
  const negated = text.startsWith('[^');
  const items = text.slice(negated ? 2 : 1, -1).match(inSet) ?? [];
  if (items.length === 0) return negated ? '[\\x00-\\x{10ffff}]' : '[^\\x00-\\x{10ffff}]';
  const parts = items.map((item, at) => {
    if (item !== '-') return insideOfSet(item, reading);
    const between = [items[at - 1], items[at + 1]].every((one) => one !== undefined && !isClass(one));
    return between && !isRange(items, at - 2) ? '-' : '\\-';
  });
  return `[${negated ? '^' : ''}${parts.join('')}]`;
}

const isClass = (item: string) => /^\\[dDwWsSpP]/.test(item);

/** Whether the minus at a place makes a range, so that the next one behind it does not. */
function isRange(items: readonly string[], at: number): boolean {
  if (items[at] !== '-' || at < 1 || isClass(items[at - 1]!) || isClass(items[at + 1]!)) return false;
  return !isRange(items, at - 2);
}

function insideOfSet(item: string, reading: Reading): string {
  if (item === '\\s') return blanks;
  if (item === '\\S') return noBlanks;
  if (item === '\\b') return '\\x08';
  if (item === '\\-') return item;
  if (item.startsWith('\\')) return escaped(item, reading);
  return item === '[' ? '\\[' : item;
}

interface Place {
  readonly at: number;
  /** Of the groups around it. */
  readonly depth: number;
  readonly refuse: Reading['refuse'];
}

/**
 * RE2 knows one line end, JavaScript four. As it is only asked whether a text matches, the other three may be taken into the
 * match where it begins or ends with them; elsewhere nothing can be said.
 */
function atLineEnd(text: '^' | '$', tokens: readonly string[], { at, depth, refuse }: Place): string {
  const beside = tokens[text === '^' ? at - 1 : at + 1];
  if (depth > 0 || (beside !== undefined && beside !== '|'))
    throw refuse(
      `its pattern has the flag "m", and "${text}" elsewhere than at its ${text === '^' ? 'beginning' : 'end'}`,
    );
  return `(?:(?m:${text})|[\\r\\x{2028}\\x{2029}])`;
}
