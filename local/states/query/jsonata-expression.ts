import jsonata, { type ExprNode } from 'jsonata';
import { GuardedRegex } from '../guarded-regex.ts';
import type { Json } from '../json.ts';
import { directPath } from './jsonata-direct-path.ts';
import { awsFunctions, type ExpressionWorld } from './jsonata-functions.ts';

/** A parsed expression. Parsing is far dearer than evaluating, so parsed expressions are kept by their text. */
export interface JsonataExpression {
  readonly text: string;
  readonly ast: ExprNode;
  evaluate(bindings: Record<string, Json>, world: ExpressionWorld): Promise<Json>;
}

/** What an expression may use up: it may come from anyone, and the process has other work. */
const limits = {
  timeout: 1_000,
  stack: 100,
  sequence: 873_782,
  RegexEngine: GuardedRegex as unknown as RegExpConstructor,
};

const keptExpressions = 5_000;
const parsed = new Map<string, JsonataExpression>();

const braces = /^\{%([\s\S]*)%\}$/;

/** The expression inside `{% %}`, or undefined where the string is a plain one. */
export function expressionIn(text: string): string | undefined {
  return braces.exec(text)?.[1]?.trim();
}

/** Parses an expression; throws jsonata's error (`code`, `position`, `message`) where it is malformed. */
export function jsonataExpression(text: string): JsonataExpression {
  let found = parsed.get(text);
  if (!found) {
    if (parsed.size >= keptExpressions) parsed.clear();
    found = parse(text);
    parsed.set(text, found);
  }
  return found;
}

function parse(text: string): JsonataExpression {
  const expression = jsonata(text, limits);
  const ast = expression.ast();
  const direct = directPath(ast);
  return {
    text,
    ast,
    async evaluate(bindings, world) {
      const short = direct?.(bindings);
      if (short !== undefined) return short;
      return expression.evaluate(undefined, { ...awsFunctions(world), ...bindings });
    },
  };
}
