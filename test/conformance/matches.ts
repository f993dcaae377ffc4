import { isObject, type Json } from '../../local/states/json.ts';

/** Texts that stand for a moment where the list of wildcards forgot them. */
const moments = new Set(['date', 'datetime', 'timestamp']);

/** Compares what happened with what was recorded. */
export class Matcher {
  readonly #wildcards: readonly string[];
  readonly #patterns = new Map<string, RegExp>();

  constructor(wildcards: readonly string[]) {
    this.#wildcards = [...wildcards].sort((a, b) => b.length - a.length);
  }

  matches(expected: Json, actual: Json): boolean {
    return this.difference(expected, actual) === undefined;
  }

  /** The first place where the two differ, or undefined. */
  difference(expected: Json, actual: Json, place = ''): string | undefined {
    if (typeof expected === 'string') return this.#text(expected, actual) ? undefined : tell(place, expected, actual);
    // JSON texts were stored parsed.
    const found = isCompound(expected) && typeof actual === 'string' ? (parsed(actual) ?? actual) : actual;
    if (!isCompound(expected) || !isCompound(found) || Array.isArray(expected) !== Array.isArray(found)) {
      return expected === found ? undefined : tell(place, expected, found);
    }
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const inside = `${place}/${key}`;
      if (!Object.hasOwn(found, key) || !Object.hasOwn(expected, key)) return tell(inside, expected[key], found[key]);
      const different = this.difference(expected[key], found[key], inside);
      if (different !== undefined) return different;
    }
    return undefined;
  }

  #text(expected: string, actual: Json): boolean {
    if (expected === actual || this.#isWildcard(expected)) return true;
    if (typeof actual !== 'string') return false;
    if (moments.has(expected) && !Number.isNaN(Date.parse(actual))) return true;
    if (this.#pattern(expected).test(actual)) return true;
    const [left, right] = [parsed(expected), parsed(actual)];
    return isCompound(left) && isCompound(right) && this.matches(left, right);
  }

  /** Some placeholders were themselves replaced in part: `<<task_token>:1>`. */
  #isWildcard(expected: string): boolean {
    if (this.#wildcards.includes(expected)) return true;
    return expected.startsWith('<<') && this.#wildcards.some((wildcard) => expected.includes(wildcard));
  }

  #pattern(expected: string): RegExp {
    let pattern = this.#patterns.get(expected);
    if (!pattern) {
      let source = RegExp.escape(expected);
      for (const wildcard of this.#wildcards) source = source.replaceAll(RegExp.escape(wildcard), '[\\s\\S]*');
      pattern = new RegExp(`^${source}$`);
      this.#patterns.set(expected, pattern);
    }
    return pattern;
  }
}

const isCompound = (value: Json): value is Record<string, Json> => isObject(value) || Array.isArray(value);

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const short = (value: Json) => (JSON.stringify(value) ?? 'nothing').slice(0, 300);

const tell = (place: string, expected: Json, actual: Json) =>
  `${place || '/'}: recorded ${short(expected)}, got ${short(actual)}`;
