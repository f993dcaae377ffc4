import { expectCount, type Intrinsic, stringAt } from './intrinsic.ts';

/** `States.StringSplit(text, delimiters)`: at any of the characters of `delimiters`; empty pieces are dropped. */
export const stringSplit: Intrinsic = (args) => {
  expectCount(args, 2);
  const delimiters = new Set(stringAt(args, 1));
  const pieces: string[] = [];
  let piece = '';
  for (const character of stringAt(args, 0)) {
    if (delimiters.has(character)) {
      if (piece !== '') pieces.push(piece);
      piece = '';
    } else {
      piece += character;
    }
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
};
