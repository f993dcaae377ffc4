import { isObject, type Json } from '../../local/states/json.ts';

/** Texts that stand for a moment where the list of wildcards forgot them. */
const moments = new Set(['date', 'datetime', 'timestamp', 'creation-date', 'start-date', 'stop-date']);

/** Members that AWS answers by now and did not when the older recordings were made. */
const newerMembers = new Set([
  'encryptionConfiguration',
  'failuresNotRedrivable',
  'pendingRedrive',
  'redriveCount',
  'redriveDate',
  'redriveStatus',
  'redriveStatusReason',
  'RedriveCount',
  'variableReferences',
]);

/** Compares what happened with what was recorded. */
export class Matcher {
  readonly #wildcards: readonly string[];
  readonly #inside: RegExp | undefined;
  readonly #patterns = new Map<string, RegExp>();

  constructor(wildcards: readonly string[]) {
    this.#wildcards = [...wildcards].sort((a, b) => b.length - a.length);
    // A plain word such as `time` stands for something only where it stands alone.
    const inside = this.#wildcards.filter((wildcard) => /[^a-z]/i.test(wildcard));
    if (inside.length > 0) this.#inside = new RegExp(inside.map((wildcard) => RegExp.escape(wildcard)).join('|'));
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
      if (newerMembers.has(key) && !Object.hasOwn(expected, key)) continue;
      if (!Object.hasOwn(found, key) || !Object.hasOwn(expected, key)) return tell(inside, expected[key], found[key]);
      const different = this.difference(expected[key], found[key], inside);
      if (different !== undefined) return different;
    }
    return undefined;
  }

  #text(expected: string, actual: Json): boolean {
    if (expected === actual || this.#isWildcard(expected)) return true;
    if (moments.has(expected)) return isMoment(actual);
    if (typeof actual !== 'string') return false;
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
      const fixed = this.#inside ? expected.split(this.#inside) : [expected];
      pattern = new RegExp(`^${fixed.map((part) => RegExp.escape(part)).join('[\\s\\S]*')}$`);
      this.#patterns.set(expected, pattern);
    }
    return pattern;
  }
}

const isMoment = (value: Json) =>
  typeof value === 'number' || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));

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
