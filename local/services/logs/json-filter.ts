import type { MessageFilter } from './filter-pattern.ts';
import { invalid } from './known-input.ts';

type Condition = (event: unknown) => boolean;

/** Compiles `{ $.level = "ERROR" && ($.count > 3 || $.user NOT EXISTS) }`. A message that is no JSON never matches. */
export function compileJsonFilter(pattern: string): MessageFilter {
  const parser = new Parser(pattern);
  const condition = parser.pattern();
  return (message) => {
    let event: unknown;
    try {
      event = JSON.parse(message);
    } catch {
      return false;
    }
    return typeof event === 'object' && event !== null && condition(event);
  };
}

const tokens =
  /\s*(?:(\$(?:\.[A-Za-z0-9_@#-]+|\[\d+\]|\["[^"]+"\]|\['[^']+'\])*)|(&&|\|\||<=|>=|!=|=|<|>|[(){}])|"((?:[^"\\]|\\.)*)"|([^\s(){}=<>!&|"]+))/y;

interface Token {
  readonly kind: 'path' | 'symbol' | 'string' | 'word' | 'end';
  readonly text: string;
}

class Parser {
  readonly #pattern: string;
  readonly #tokens: Token[] = [];
  #next = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    tokens.lastIndex = 0;
    while (tokens.lastIndex < pattern.trimEnd().length) {
      const match = tokens.exec(pattern);
      if (!match) throw this.#broken();
      const kinds = ['path', 'symbol', 'string', 'word'] as const;
      const index = match.slice(1).findIndex((each) => each !== undefined);
      this.#tokens.push({ kind: kinds[index]!, text: match[index + 1]! });
    }
  }

  pattern(): Condition {
    this.#expect('{');
    const condition = this.#either();
    this.#expect('}');
    if (this.#peek().kind !== 'end') throw this.#broken();
    return condition;
  }

  #either(): Condition {
    let left = this.#both();
    while (this.#take('||')) {
      const [a, b] = [left, this.#both()];
      left = (event) => a(event) || b(event);
    }
    return left;
  }

  #both(): Condition {
    let left = this.#single();
    while (this.#take('&&')) {
      const [a, b] = [left, this.#single()];
      left = (event) => a(event) && b(event);
    }
    return left;
  }

  #single(): Condition {
    if (this.#take('(')) {
      const inner = this.#either();
      this.#expect(')');
      return inner;
    }
    const path = this.#peek();
    if (path.kind !== 'path') throw this.#broken();
    this.#next++;
    const read = jsonReader(path.text);
    const word = this.#peek();
    if (word.kind === 'word') return this.#state(read);
    const operator = word.text;
    this.#next++;
    if (word.kind !== 'symbol' || !(operator in comparisons)) throw this.#broken();
    const value = this.#peek();
    if (value.kind !== 'string' && value.kind !== 'word') throw this.#broken();
    this.#next++;
    return comparisons[operator]!(read, value.text, value.kind === 'string');
  }

  /** `IS NULL`, `IS TRUE`, `IS FALSE`, `EXISTS`, `NOT EXISTS`. */
  #state(read: (event: unknown) => unknown): Condition {
    const word = this.#word();
    if (word === 'EXISTS') return (event) => read(event) !== undefined;
    const second = this.#word();
    if (word === 'NOT' && second === 'EXISTS') return (event) => read(event) === undefined;
    const constants: Record<string, unknown> = { NULL: null, TRUE: true, FALSE: false };
    if (word !== 'IS' || !(second in constants)) throw this.#broken();
    return (event) => read(event) === constants[second];
  }

  #word(): string {
    const { kind, text } = this.#peek();
    if (kind !== 'word') throw this.#broken();
    this.#next++;
    return text.toUpperCase();
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '' };
  }

  #take(symbol: string): boolean {
    const { kind, text } = this.#peek();
    if (kind !== 'symbol' || text !== symbol) return false;
    this.#next++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#broken();
  }

  #broken() {
    return invalid(`Invalid filter pattern: ${this.#pattern}`);
  }
}

type Comparison = (read: (event: unknown) => unknown, value: string, quoted: boolean) => Condition;

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': equal,
  '!=': (read, value, quoted) => {
    const same = equal(read, value, quoted);
    return (event) => read(event) !== undefined && !same(event);
  },
  '<': numeric((left, right) => left < right),
  '>': numeric((left, right) => left > right),
  '<=': numeric((left, right) => left <= right),
  '>=': numeric((left, right) => left >= right),
};

/** A number where both sides are numbers, else text in which `*` stands for anything. */
function equal(read: (event: unknown) => unknown, value: string, quoted: boolean): Condition {
  const number = Number(value);
  const parts = value.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 's');
  return (event) => {
    const found = read(event);
    if (typeof found === 'number' && !quoted && !Number.isNaN(number)) return found === number;
    return ['string', 'number', 'boolean'].includes(typeof found) && expression.test(String(found));
  };
}

function numeric(compare: (left: number, right: number) => boolean): Comparison {
  return (read, value) => {
    const right = Number(value);
    if (Number.isNaN(right)) throw invalid(`a filter pattern compares with a number, got "${value}"`);
    return (event) => {
      const left = read(event);
      return typeof left === 'number' && compare(left, right);
    };
  };
}

/** Reads the place that a path such as `$.user.id` names; undefined where an event has none. */
export function jsonReader(path: string): (event: unknown) => unknown {
  const keys = [...path.matchAll(/\.([A-Za-z0-9_@#-]+)|\[(\d+)\]|\["([^"]+)"\]|\['([^']+)'\]/g)].map(
    ([, name, index, double, single]) => name ?? index ?? double ?? single!,
  );
  return (event) =>
    keys.reduce<any>((value, key) => (Object.hasOwn(Object(value), key) ? value[key] : undefined), event);
}
