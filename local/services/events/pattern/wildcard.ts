import { PatternSyntaxError } from './syntax-error.ts';
import type { Test } from './tests.ts';

/** AWS publishes no number; of the patterns that its guide discusses, 7 is accepted and 11 is refused. */
const maxComplexity = 10;

/** A character to match, or `any`: any run of characters, also none. */
type Piece = string | typeof any;
const any = Symbol('any');

/** `wildcard`: `*` stands for any run of characters, `\*` and `\\` for themselves. */
export function wildcardTest(pattern: string): Test {
  const pieces = parse(pattern);
  if (complexity(['"', ...pieces, '"']) > maxComplexity) {
    throw new PatternSyntaxError(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
  }
  const [head = '', ...rest] = literals(pieces);
  const tail = rest.pop();
  if (tail === undefined) return (value) => value === head;
  return (value) => {
    if (typeof value !== 'string' || value.length < head.length + tail.length) return false;
    if (!value.startsWith(head) || !value.endsWith(tail)) return false;
    const end = value.length - tail.length;
    let position = head.length;
    for (const literal of rest) {
      const found = value.indexOf(literal, position);
      if (found < 0 || found + literal.length > end) return false;
      position = found + literal.length;
    }
    return true;
  };
}

function parse(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  const characters = [...pattern];
  // AWS counts bytes, and the quote in front of the text.
  let byte = 1;
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index]!;
    const following = characters[index + 1];
    if (character === '*') {
      if (following === '*') throw new PatternSyntaxError(`Consecutive wildcard characters at pos ${byte}`);
      pieces.push(any);
    } else if (character === '\\') {
      if (following !== '*' && following !== '\\')
        throw new PatternSyntaxError(`Invalid escape character at pos ${byte}`);
      pieces.push(following);
      index++;
      byte++;
    } else {
      pieces.push(character);
    }
    byte += Buffer.byteLength(character);
  }
  return pieces;
}

/** The texts before, between and after the wildcards. */
function literals(pieces: readonly Piece[]): string[] {
  const texts = [''];
  for (const piece of pieces) {
    if (piece === any) texts.push('');
    else texts[texts.length - 1] += piece;
  }
  return texts;
}

/** The most places of the pattern at which a matcher could stand at once, over all texts; counting ends above the limit. */
function complexity(pieces: readonly Piece[]): number {
  const steps = (place: number): number[] => {
    const next = pieces[place] === any ? [place] : [];
    if (place + 1 < pieces.length) next.push(place + 1);
    if (pieces[place + 1] === any && place + 2 < pieces.length) next.push(place + 2);
    return next;
  };
  const alphabet = new Set<Piece>(pieces);
  const seen = new Set<string>();
  const pending: number[][] = [[-1]];
  let most = 0;
  while (pending.length > 0 && most <= maxComplexity) {
    const reachable = new Set(pending.pop()!.flatMap(steps));
    for (const character of alphabet) {
      const places = [...reachable]
        .filter((place) => pieces[place] === any || pieces[place] === character)
        .sort((a, b) => a - b);
      const name = places.join();
      if (places.length === 0 || seen.has(name)) continue;
      seen.add(name);
      const waiting = new Set(
        places.flatMap(steps).filter((place) => pieces[place] === any && !places.includes(place)),
      );
      most = Math.max(most, places.length + waiting.size);
      pending.push(places);
    }
  }
  return most;
}
