import type * as z from 'zod';
import type { Path } from '../component/shape.ts';
import { nearest } from '../core/nearest.ts';

/** What is wrong with one value, in words; the place and the value are the caller's. */
export interface Explanation {
  readonly problem: string;
  readonly allowed: unknown;
  readonly change: string;
  /** Below the issue's own path, where an alternative of a union is meant. */
  readonly path: Path;
}

/**
 * Puts an issue of zod's into the words of our errors.
 * @param meaning what the option is for; said where the issue itself does not tell what is allowed
 */
export function explainIssue(issue: z.core.$ZodIssue, received: unknown, meaning?: string): Explanation {
  const name = issue.path.join('.') || 'the value';
  const path: Path = [];
  switch (issue.code) {
    case 'invalid_union': {
      if ('discriminator' in issue) return unknownKind(issue, name, received);
      const meant = meantAlternative(issue);
      if (!meant) return noAlternative(issue, name, received);
      const inner = explainIssue(meant, valueAt(received, meant.path as Path), meaning);
      return { ...inner, path: [...(meant.path as Path), ...inner.path] };
    }
    case 'invalid_type': {
      const allowed = issue.expected === 'nonoptional' ? (meaning ?? 'a value') : titleOf(issue.expected);
      const change =
        issue.expected === 'array' && isPlain(received)
          ? `write [${received}]`
          : `give ${name} ${titleOf(issue.expected)}`;
      return { problem: wrong(name, received), allowed, change, path };
    }
    case 'invalid_value':
      return { ...oneOf(issue.values, name, received), path };
    case 'invalid_key': {
      const [inner] = issue.issues;
      const empty = issue.path.at(-1) === '';
      return {
        problem: empty
          ? `a name in ${parentOf(issue)} is empty`
          : `a name in ${parentOf(issue)} ${inner?.message ?? ''}`,
        allowed: empty
          ? 'names of at least one character'
          : (allowedOf(inner?.message ?? '') ?? meaning ?? 'other names'),
        change: empty ? 'give it a name' : 'write the name otherwise',
        path,
      };
    }
    case 'too_small':
    case 'too_big': {
      const small = issue.code === 'too_small';
      const bound = small ? issue.minimum : issue.maximum;
      const limit = `${issue.inclusive === false ? (small ? 'more than' : 'less than') : small ? 'at least' : 'at most'} ${bound}`;
      const allowed = `${limit}${unitOf(issue.origin, Number(bound))}`;
      return { problem: `${name} ${measured(issue.origin, small)}`, allowed, change: `give ${name} ${allowed}`, path };
    }
  }
  return { ...ownWords(issue, { name, received, meaning }), path };
}

/** Messages of our own: of a check of several options, or `is not …: what it would have to be`. */
function ownWords(
  issue: z.core.$ZodIssue,
  {
    name,
    received,
    meaning,
  }: { readonly name: string; readonly received: unknown; readonly meaning?: string | undefined },
): Omit<Explanation, 'path'> {
  const { message } = issue;
  const said = 'params' in issue ? (issue.params as Partial<Explanation> | undefined) : undefined;
  const [, short = message] = asWhat.exec(message) ?? [];
  return {
    // What begins with a verb goes on after the option's name.
    problem: /^(is|has|holds|goes|names|means|asks|limits|leaves) /.test(short) ? `${name} ${short}` : short,
    allowed: said?.allowed ?? allowedOf(message) ?? meaning ?? 'another value',
    change: said?.change ?? guessAmong(allowedOf(message), received) ?? `correct ${name}`,
  };
}

/** Where what is allowed are single words, one of them may be meant. */
function guessAmong(allowed: string | undefined, received: unknown): string | undefined {
  const words = allowed?.split(/[, ]+/).filter((word) => /^[A-Z]+$/.test(word)) ?? [];
  const guess = typeof received === 'string' && words.length > 2 ? nearest(received, words) : undefined;
  return guess && `did you mean "${guess}"?`;
}

/** Behind the colon stands what would be right. */
const asWhat = /^(is not [^:]+): (.+)$/;

function allowedOf(message: string): string | undefined {
  return asWhat.exec(message)?.[2];
}

/** One of several kinds of options is chosen by a name, and it is none of them. */
function unknownKind(issue: z.core.$ZodIssueInvalidUnion, name: string, received: unknown): Explanation {
  const { options } = issue as { readonly options?: readonly unknown[] };
  return { ...oneOf(options ?? [], name, received), path: [] };
}

function oneOf(values: readonly unknown[], name: string, received: unknown): Omit<Explanation, 'path'> {
  const guess = typeof received === 'string' ? nearest(received, values.map(String)) : undefined;
  return {
    problem: received === undefined ? `${name} is missing` : `${name} cannot have this value`,
    allowed: values,
    change: guess === undefined ? `give ${name} one of these values` : `did you mean "${guess}"?`,
  };
}

/** A value of none of the types that it may have. */
function noAlternative(issue: z.core.$ZodIssueInvalidUnion, name: string, received: unknown): Explanation {
  const all = issue.errors.flatMap(([one]) => one ?? []);
  // An alternative that takes such values, and says what is wrong with this one.
  const told = all.find((one) => one.code === 'custom' || one.code === 'invalid_format');
  if (told && received !== undefined) return { ...ownWords(told, { name, received }), path: [] };
  const values = all.flatMap((one) => (one.code === 'invalid_value' ? one.values : []));
  if (values.some((one) => typeof one === typeof received)) return { ...oneOf(values, name, received), path: [] };
  const types = all.flatMap((one) => (one.code === 'invalid_type' ? titleOf(one.expected) : []));
  const allowed = [...new Set(types)].join(', or ');
  return {
    problem: wrong(name, received),
    allowed: allowed || 'another value',
    change: `give ${name} ${allowed || 'another value'}`,
    path: [],
  };
}

function wrong(name: string, received: unknown): string {
  return received === undefined ? `${name} is missing` : `${name} has the wrong type`;
}

function parentOf(issue: z.core.$ZodIssue): string {
  return issue.path.slice(0, -1).join('.') || 'the mapping';
}

/** What a user calls zod's types. */
const titles: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  bigint: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
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

/** What a bound is of, with what it counts. */
const measures: Readonly<Record<string, readonly [small: string, large: string, one: string, many: string]>> = {
  string: ['is too short', 'is too long', 'character', 'characters'],
  array: ['has too few elements', 'has too many elements', 'element', 'elements'],
  set: ['has too few elements', 'has too many elements', 'element', 'elements'],
  record: ['has too few entries', 'has too many entries', 'entry', 'entries'],
};

function measured(origin: string, small: boolean): string {
  return measures[origin]?.[small ? 0 : 1] ?? `is too ${small ? 'small' : 'large'}`;
}

function unitOf(origin: string, count: number): string {
  const unit = measures[origin];
  return unit ? ` ${unit[count === 1 ? 2 : 3]}` : '';
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
