import { isObject, type Json } from '../json.ts';
import { passesFilter } from './evaluate-filter.ts';
import { pathFunctions } from './path-functions.ts';
import { isDefinite, type PathToken } from './path-tokens.ts';

/** A definite path that leads nowhere; the message is worded as the Java library behind AWS words it. */
export class PathNotFoundError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PathNotFoundError';
  }
}

/** What a path finds: the value itself for a definite path, else the list of all finds. Throws `PathNotFoundError`. */
export function evaluatePath(tokens: readonly PathToken[], root: Json): Json {
  if (isDefinite(tokens)) return follow(tokens, root);
  const found: Json[] = [];
  collect(tokens, 0, root, root, found);
  const last = tokens.at(-1);
  return last?.kind === 'function' ? pathFunctions(last.name, found) : found;
}

function follow(tokens: readonly PathToken[], root: Json): Json {
  let value = root;
  let place = '$';
  for (const [index, token] of tokens.entries()) {
    const leaf = index === tokens.length - 1;
    if (token.kind === 'member') {
      const name = token.names[0]!;
      if (!isObject(value)) throw new PathNotFoundError(noObject(name, place, value));
      place += `['${name}']`;
      if (!Object.hasOwn(value, name)) throw new PathNotFoundError(missing(place, leaf));
      value = value[name];
    } else if (token.kind === 'index') {
      const at = token.indexes[0]!;
      if (!Array.isArray(value))
        throw new PathNotFoundError(
          `Filter: [${at}] can only be applied to arrays. Current context is: ${JSON.stringify(value)}`,
        );
      place += `[${at}]`;
      const position = at < 0 ? value.length + at : at;
      if (position < 0 || position >= value.length) throw new PathNotFoundError(`No results for path: ${place}`);
      value = value[position];
    } else if (token.kind === 'function') {
      value = pathFunctions(token.name, value);
    }
  }
  return value;
}

const missing = (place: string, leaf: boolean) =>
  leaf ? `No results for path: ${place}` : `Missing property in path ${place}`;

function noObject(name: string, place: string, value: Json): string {
  return `Expected to find an object with property ['${name}'] in path ${place} but found '${javaName(value)}'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.`;
}

function javaName(value: Json): string {
  if (value === null) return 'null';
  const names: Record<string, string> = { string: 'TextNode', boolean: 'BooleanNode', number: 'IntNode' };
  const name = Array.isArray(value) ? 'ArrayNode' : names[typeof value];
  return `com.fasterxml.jackson.databind.node.${name}`;
}

function collect(tokens: readonly PathToken[], at: number, value: Json, root: Json, found: Json[]): void {
  const token = tokens[at];
  if (!token || (token.kind === 'function' && at === tokens.length - 1)) {
    found.push(value);
    return;
  }
  const next = (item: Json) => collect(tokens, at + 1, item, root, found);
  switch (token.kind) {
    case 'member':
      if (!isObject(value)) return;
      for (const name of token.names) if (Object.hasOwn(value, name)) next(value[name]);
      return;
    case 'index':
      if (!Array.isArray(value)) return;
      for (const index of token.indexes) {
        const position = index < 0 ? value.length + index : index;
        if (position >= 0 && position < value.length) next(value[position]);
      }
      return;
    case 'slice':
      if (Array.isArray(value)) for (const item of value.slice(token.from ?? 0, token.to)) next(item);
      return;
    case 'wildcard':
      for (const item of childrenOf(value)) next(item);
      return;
    case 'descend':
      for (const item of descendants(value)) next(item);
      return;
    case 'filter':
      for (const item of Array.isArray(value) ? value : [value]) if (passesFilter(token.filter, item, root)) next(item);
  }
}

function childrenOf(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function* descendants(value: Json): Generator<Json> {
  yield value;
  for (const child of childrenOf(value)) yield* descendants(child);
}
