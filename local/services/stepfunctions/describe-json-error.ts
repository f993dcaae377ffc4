/** The first mistake in a text that is not JSON, in the words of the parser that AWS uses. */
export function describeJsonError(text: string): string {
  const { position, wanted } = firstMistake(text);
  const character = text[position];
  if (character === undefined) return 'Unexpected end-of-input';
  if (wanted === 'value' && /[\p{L}$_]/u.test(character)) {
    const token = /^[\p{L}\p{N}$_]+/u.exec(text.slice(position))![0];
    return `Unrecognized token '${token}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`;
  }
  const named = `Unexpected character ('${character}' (code ${character.codePointAt(0)}))`;
  return `${named}: ${expectations[wanted]}`;
}

const expectations = {
  value: "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
  name: 'was expecting double-quote to start field name',
  colon: 'was expecting a colon to separate field name and value',
  comma: 'was expecting comma to separate entries',
  end: 'was expecting the end of the document',
};

type Wanted = keyof typeof expectations;

interface Mistake {
  readonly position: number;
  readonly wanted: Wanted;
}

/** Reads as far as the text is JSON. */
function firstMistake(text: string): Mistake {
  let position = 0;
  const space = () => {
    while (/\s/.test(text[position] ?? '')) position++;
  };
  const mistake = (wanted: Wanted): Mistake => ({ position, wanted });
  const take = (pattern: RegExp): boolean => {
    const sticky = new RegExp(pattern.source, `uy`);
    sticky.lastIndex = position;
    const found = sticky.exec(text)?.[0];
    if (found === undefined) return false;
    position += found.length;
    return true;
  };
  const value = (): Mistake | undefined => {
    space();
    if (take(/"(?:[^"\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/)) return undefined;
    if (take(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|(?:true|false|null)\b/)) return undefined;
    if (take(/\{/)) return list(/\}/, member);
    if (take(/\[/)) return list(/\]/, value);
    return mistake('value');
  };
  const member = (): Mistake | undefined => {
    space();
    if (text[position] !== '"') return mistake('name');
    const name = value();
    if (name) return name;
    space();
    return take(/:/) ? value() : mistake('colon');
  };
  const list = (close: RegExp, item: () => Mistake | undefined): Mistake | undefined => {
    space();
    if (take(close)) return undefined;
    for (;;) {
      const wrong = item();
      if (wrong) return wrong;
      space();
      if (take(close)) return undefined;
      if (!take(/,/)) return mistake('comma');
    }
  };
  return value() ?? mistake('end');
}
