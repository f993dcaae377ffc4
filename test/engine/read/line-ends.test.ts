import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineEnds } from '../../../lib/engine/read/line-ends.ts';

function ends(...pieces: string[]) {
  const lineEnds = new LineEnds();
  for (const piece of pieces) lineEnds.push(Buffer.from(piece));
  return lineEnds.end();
}

test.each([
  ['', 'none', 0],
  ['a\n\nb', 'none', 2],
  ['a\r\nb\r\n', 'pairs', 2],
  ['\r\n\r\n', 'pairs', 0],
  ['a\r\nb\n', 'mixed', 2],
  ['a\nb\r\n', 'mixed', 2],
  ['a\rb', 'mixed', 1],
  ['a\r\r\n', 'mixed', 1],
  ['a\r\nb\r', 'mixed', 2],
] as const)('the lines of %j end in %s, %d of them not blank', (text, returns, lines) => {
  expect(ends(text)).toEqual({ returns, lines });
});

test('it does not matter where the text is cut', () => {
  const letter = fc.constantFrom('a', '\r\n', '\r\n', '\n', '\r');
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 12 }), fc.nat(24), fc.nat(24), (letters, a, b) => {
      const text = letters.join('');
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      expect(ends(text.slice(0, first), text.slice(first, second), text.slice(second))).toEqual(ends(text));
    }),
    { seed: 20_261_121 },
  );
});
