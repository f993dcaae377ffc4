import { NotSupportedError } from '../../../aws-error.ts';
import { invalidValue } from '../errors.ts';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'metric'; readonly id: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'operator'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** Weakest first. */
const levels: readonly (readonly string[])[] = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

const maxDepth = 50;

/** Reads a metric math expression such as `100 * errors / FILL(calls, 0)`. Throws where it is none. */
export function parseExpression(text: string): Expression {
  if (/\b(SEARCH|ANOMALY_DETECTION_BAND|INSIGHT_RULE_METRIC|SERVICE_QUOTA|LAMBDA|DB_PERF_INSIGHTS)\s*\(/.test(text)) {
    throw new NotSupportedError(`the CloudWatch expression ${text}`);
  }
  if (/^\s*SELECT\s/i.test(text)) throw new NotSupportedError('CloudWatch Metrics Insights queries');
  return new Parser(text).whole();
}

class Parser {
  readonly #text: string;
  readonly #tokens: string[];
  #place = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    const expression =
      /\s*([A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+|==|!=|<=|>=|&&|\|\||[-+*/^<>(),[\]])/y;
    this.#tokens = [];
    while (expression.lastIndex < text.trimEnd().length) {
      const found = expression.exec(text);
      if (!found) throw this.#wrong();
      this.#tokens.push(found[1]!);
    }
  }

  whole(): Expression {
    const expression = this.#level(0);
    if (this.#place < this.#tokens.length) throw this.#wrong();
    return expression;
  }

  #level(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    if (++this.#depth > maxDepth * levels.length) throw this.#wrong();
    let left = this.#level(level + 1);
    for (let operator = this.#tokens[this.#place]; operator !== undefined && operators.includes(operator); ) {
      this.#place++;
      const right = this.#level(level + 1);
      left = { kind: 'operator', operator: { '||': 'OR', '&&': 'AND' }[operator] ?? operator, left, right };
      operator = this.#tokens[this.#place];
    }
    this.#depth--;
    return left;
  }

  #unary(): Expression {
    const token = this.#tokens[this.#place++];
    if (token === undefined) throw this.#wrong();
    if (token === '-') return { kind: 'negative', of: this.#unary() };
    if (token === '+') return this.#unary();
    if (token === '(') return this.#closed(this.#level(0), ')');
    if (token === '[') return { kind: 'list', items: this.#items(']') };
    if (/^[\d.]/.test(token)) return { kind: 'number', value: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) throw this.#wrong();
    if (this.#tokens[this.#place] !== '(') return { kind: 'metric', id: token };
    this.#place++;
    const args = this.#items(')');
    return token === 'METRICS' && args.length === 0 ? { kind: 'all' } : { kind: 'call', name: token, args };
  }

  #items(end: string): Expression[] {
    const items: Expression[] = [];
    if (this.#tokens[this.#place] === end) {
      this.#place++;
      return items;
    }
    for (;;) {
      items.push(this.#level(0));
      const token = this.#tokens[this.#place++];
      if (token === end) return items;
      if (token !== ',') throw this.#wrong();
    }
  }

  #closed(inner: Expression, end: string): Expression {
    if (this.#tokens[this.#place++] !== end) throw this.#wrong();
    return inner;
  }

  #wrong(): Error {
    return invalidValue(`Error in expression "${this.#text}": it cannot be parsed`);
  }
}
