import { GuardedRegex } from '../guarded-regex.ts';
import type { Filter, Operand, PathToken } from './path-tokens.ts';
import { PathSyntaxError, type Reader } from './reader.ts';

const comparison = /==|!=|<=|>=|<|>|=~|in\b|nin\b|size\b|empty\b/;

/** Parses a filter: `(@.price < 10 && !(@.sold == true))`. */
export class FilterParser {
  readonly #reader: Reader;
  readonly #readSteps: (reader: Reader) => PathToken[];

  constructor(reader: Reader, readSteps: (reader: Reader) => PathToken[]) {
    this.#reader = reader;
    this.#readSteps = readSteps;
  }

  parse(): Filter {
    this.#reader.skipSpace();
    this.#reader.expect('(');
    const filter = this.#either();
    this.#reader.skipSpace();
    this.#reader.expect(')');
    return filter;
  }

  #either(): Filter {
    let left = this.#both();
    while (this.#reader.takeAfterSpace('||')) left = { kind: 'or', left, right: this.#both() };
    return left;
  }

  #both(): Filter {
    let left = this.#single();
    while (this.#reader.takeAfterSpace('&&')) left = { kind: 'and', left, right: this.#single() };
    return left;
  }

  #single(): Filter {
    const reader = this.#reader;
    reader.skipSpace();
    if (reader.take('!')) return { kind: 'not', of: this.#single() };
    if (reader.peek() === '(') return this.parse();
    const left = this.#operand();
    reader.skipSpace();
    const operator = reader.match(comparison);
    if (operator === undefined) {
      if (left.kind !== 'path') throw new PathSyntaxError(reader.text, reader.position);
      return { kind: 'exists', path: left.path };
    }
    return { kind: 'compare', operator, left, right: this.#operand() };
  }

  #operand(): Operand {
    const reader = this.#reader;
    reader.skipSpace();
    if (reader.take('@')) return { kind: 'path', root: '@', path: this.#readSteps(reader) };
    if (reader.take('$')) return { kind: 'path', root: '$', path: this.#readSteps(reader) };
    if (reader.peek() === "'" || reader.peek() === '"') return { kind: 'value', value: reader.readString() };
    const pattern = reader.match(/\/(?:[^/\\]|\\.)+\/i?/);
    if (pattern !== undefined) {
      const end = pattern.lastIndexOf('/');
      return { kind: 'pattern', pattern: new GuardedRegex(`^(?:${pattern.slice(1, end)})$`, pattern.slice(end + 1)) };
    }
    const literal = reader.match(/-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null|\[[^\]]*\]/);
    if (literal === undefined) throw new PathSyntaxError(reader.text, reader.position);
    return { kind: 'value', value: JSON.parse(literal.replaceAll("'", '"')) };
  }
}
