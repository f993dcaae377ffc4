import type * as z from 'zod';
import type { Path } from '../component/shape.ts';
import { nearest } from '../core/nearest.ts';

/** What is wrong with one value, in words; the place and the value are the caller's. */
export interface Explanation {
  readonly problem: string;
  readonly allowed?: unknown;
  readonly change: string;
  /** Below the issue's own path, where an alternative of a union is meant. */
  readonly path: Path;
}

/** Puts an issue of zod's into the words of our errors. */
export function explainIssue(issue: z.core.$ZodIssue, received: unknown): Explanation {
  const name = issue.path.join('.') || 'the value';
  const change = `correct ${name}`;
  const path: Path = [];
  switch (issue.code) {
    case 'invalid_union': {
      const meant = meantAlternative(issue);
      if (!meant) return noAlternative(issue, name, received);
      const inner = explainIssue(meant, valueAt(received, meant.path as Path));
      return { ...inner, path: [...(meant.path as Path), ...inner.path] };
    }
    case 'invalid_type':
      return {
        problem: received === undefined ? `${name} is missing` : `${name} has the wrong type`,
        allowed: titleOf(issue.expected),
        change:
          issue.expected === 'array' && isPlain(received)
            ? `write [${received}]`
            : `give ${name} ${titleOf(issue.expected)}`,
        path,
      };
    case 'invalid_value': {
      const guess = typeof received === 'string' ? nearest(received, issue.values.map(String)) : undefined;
      return {
        problem: `${name} cannot have this value`,
        allowed: issue.values,
        change: guess === undefined ? change : `did you mean "${guess}"?`,
        path,
      };
    }
    case 'too_small':
    case 'too_big': {
      const small = issue.code === 'too_small';
      const bound = small ? issue.minimum : issue.maximum;
      const limit = `${issue.inclusive === false ? (small ? 'more than' : 'less than') : small ? 'at least' : 'at most'} ${bound}`;
      const own = isOurs(issue.message);
      return {
        problem: own ? issue.message : `${name} is too ${small ? 'small' : 'large'}`,
        allowed: `${limit}${unitOf(issue.origin, Number(bound))}`,
        change: own ? change : `give ${name} ${limit}${unitOf(issue.origin, Number(bound))}`,
        path,
      };
    }
  }
  // Our own messages of this form say behind the colon what would be right.
  const [, problem = issue.message, allowed] = /^(is not [^:]+): (.+)$/.exec(issue.message) ?? [];
  return { problem, ...(allowed && { allowed }), change, path };
}

/** A value of none of the types that it may have. */
function noAlternative(issue: z.core.$ZodIssueInvalidUnion, name: string, received: unknown): Explanation {
  const types = issue.errors.flatMap(([one]) => (one?.code === 'invalid_type' ? titleOf(one.expected) : []));
  const allowed = [...new Set(types)].join(', or ') || 'another value';
  return {
    problem: received === undefined ? `${name} is missing` : `${name} has the wrong type`,
    allowed,
    change: `give ${name} ${allowed}`,
    path: [],
  };
}

/** What a user calls zod's types. */
const titles: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  bigint: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of names to values',
  record: 'a mapping of names to values',
  null: 'null',
  nonoptional: 'a value',
};

function titleOf(type: string): string {
  return titles[type] ?? `a ${type}`;
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** Of what a bound counts. */
const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['element', 'elements'],
  set: ['element', 'elements'],
  record: ['entry', 'entries'],
};

function unitOf(origin: string, count: number): string {
  const unit = units[origin];
  return unit ? ` ${unit[count === 1 ? 0 : 1]}` : '';
}

/** Zod's own messages begin with a capital. */
function isOurs(message: string): boolean {
  return /^[^A-Z]/.test(message);
}

/** The alternative that goes wrong furthest inside is the one that was meant. */
function meantAlternative(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue | undefined {
  const firsts = issue.errors.flatMap((issues) => issues[0] ?? []);
  const deepest = Math.max(...firsts.map((one) => one.path.length));
  return deepest > 0 ? firsts.find((one) => one.path.length === deepest) : undefined;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<any>((inner, key) => inner?.[key], value);
}
