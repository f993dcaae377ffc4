import { stripVTControlCharacters } from 'node:util';

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
const plain = /^[\x20-\x7e]*$/;
/** What East Asian scripts and pictures begin with: a terminal gives them two columns. */
const wide =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\ufe0f/u;
/** Marks without a letter, and what joins or turns. */
const nothing = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** Columns that a terminal takes for a text. */
export function width(text: string): number {
  const shown = stripVTControlCharacters(text);
  if (plain.test(shown)) return shown.length;
  let columns = 0;
  for (const { segment } of characters.segment(shown)) columns += widthOf(segment);
  return columns;
}

/** A text that takes no more columns than that, with an ellipsis where something of it is missing; without colours then. */
export function cut(text: string, most: number): string {
  if (width(text) <= most) return text;
  let left = most - 1;
  let kept = '';
  for (const { segment } of characters.segment(stripVTControlCharacters(text))) {
    left -= widthOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}

function widthOf(character: string): number {
  return wide.test(character) ? 2 : nothing.test(character) ? 0 : 1;
}
