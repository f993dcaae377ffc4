import type { Json } from '../json.ts';
import type { Scope } from '../scope.ts';
import { evaluatePath, PathNotFoundError } from './evaluate-path.ts';
import { parsePath } from './parse-path.ts';
import { isDefinite, type PathToken } from './path-tokens.ts';

/** What a path may start from. */
export interface PathRoots {
  /** `$` */
  readonly data: Json;
  /** `$$`; a function, since the context object is made on demand. */
  readonly context: () => Json;
  /** `$name` */
  readonly variables: Scope;
}

/** A parsed path: `$.a.b`, `$$.Execution.Id`, `$name.a`. */
export interface JsonPath {
  readonly text: string;
  readonly definite: boolean;
  readonly root: 'data' | 'context' | 'variable';
  /** The variable's name, where the root is one. */
  readonly variable: string | undefined;
  readonly tokens: readonly PathToken[];
  evaluate(roots: PathRoots): Json;
}

const keptPaths = 10_000;
const parsed = new Map<string, JsonPath>();

const rooted = /^\$(?:(\$)|([\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*))?/u;

/** Parses a path; throws `PathSyntaxError` where it is none. Parsed paths are kept by their text. */
export function jsonPath(text: string): JsonPath {
  let found = parsed.get(text);
  if (!found) {
    if (parsed.size >= keptPaths) parsed.clear();
    found = parse(text);
    parsed.set(text, found);
  }
  return found;
}

function parse(text: string): JsonPath {
  const [start, context, variable] = rooted.exec(text) ?? [];
  const tokens = parsePath(start === undefined ? text : text.slice(start.length));
  return {
    text,
    definite: isDefinite(tokens) || tokens.at(-1)?.kind === 'function',
    root: context ? 'context' : variable ? 'variable' : 'data',
    variable,
    tokens,
    evaluate(roots) {
      if (context) return evaluatePath(tokens, roots.context());
      if (variable === undefined) return evaluatePath(tokens, roots.data);
      if (!roots.variables.has(variable)) throw new PathNotFoundError(`No results for path: $['${variable}']`);
      return evaluatePath(tokens, roots.variables.get(variable));
    },
  };
}
