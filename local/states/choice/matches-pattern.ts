/** StringMatches: `*` stands for any characters, `\*` and `\\` for the character itself. */
export function matchesPattern(text: string, pattern: string): boolean {
  const pieces = piecesOf(pattern);
  const first = pieces[0]!;
  if (pieces.length === 1) return text === first;
  const last = pieces.at(-1)!;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, position);
    if (found < 0) return false;
    position = found + piece.length;
  }
  return text.length - position >= last.length && text.endsWith(last);
}

/** The literal texts between the stars. */
function piecesOf(pattern: string): string[] {
  const pieces = [''];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index]!;
    if (character === '*') pieces.push('');
    else pieces[pieces.length - 1] += character === '\\' ? (pattern[++index] ?? '\\') : character;
  }
  return pieces;
}
