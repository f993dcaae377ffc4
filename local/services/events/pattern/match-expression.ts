import { anythingBut } from './anything-but.ts';
import { addressRange } from './cidr.ts';
import { numericTest } from './numeric.ts';
import { PatternSyntaxError } from './syntax-error.ts';
import {
  endsWith,
  endsWithIgnoringCase,
  equalsIgnoringCase,
  exactly,
  inAddressRange,
  startsWith,
  startsWithIgnoringCase,
  type Test,
} from './tests.ts';
import { wildcardTest } from './wildcard.ts';

/** A match expression such as `{ "prefix": "a" }` as a test; `absent` for `{ "exists": false }`. */
export function matchExpression(expression: Record<string, unknown>): Test | 'absent' {
  const [name, argument] = Object.entries(expression)[0] ?? [];
  if (name === undefined) throw new PatternSyntaxError('Match expression name not found');
  const operator = operators[name];
  if (!operator || !Object.hasOwn(operators, name)) throw new PatternSyntaxError(`Unrecognized match type ${name}`);
  const test = operator(argument);
  if (Object.keys(expression).length > 1) {
    const numeric = name === 'numeric' || name === 'anything-but';
    throw new PatternSyntaxError(
      numeric ? 'Too many elements in numeric expression' : 'Only one key allowed in match expression',
    );
  }
  return test;
}

const operators: Record<string, (argument: unknown) => Test | 'absent'> = {
  exactly: (argument) => exactly(text(argument, 'exact match pattern must be a string')),
  prefix: (argument) =>
    isObject(argument)
      ? startsWithIgnoringCase(ignoringCase(argument, 'Prefix', 'prefix'))
      : startsWith(text(argument, 'prefix match pattern must be a string')),
  suffix: (argument) =>
    isObject(argument)
      ? endsWithIgnoringCase(ignoringCase(argument, 'Suffix', 'suffix'))
      : endsWith(text(argument, 'suffix match pattern must be a string')),
  numeric: numericTest,
  'anything-but': anythingBut,
  exists: (argument) => {
    if (typeof argument !== 'boolean')
      throw new PatternSyntaxError('exists match pattern must be either true or false.');
    return argument ? () => true : 'absent';
  },
  // AWS says "prefix" here too.
  cidr: (argument) => inAddressRange(addressRange(text(argument, 'prefix match pattern must be a string'))),
  'equals-ignore-case': (argument) =>
    equalsIgnoringCase(text(argument, 'equals-ignore-case match pattern must be a string')),
  wildcard: (argument) => wildcardTest(text(argument, 'wildcard match pattern must be a string')),
};

/** The text of `{ "equals-ignore-case": "text" }` inside a prefix or suffix. */
function ignoringCase(expression: Record<string, unknown>, subject: string, kind: string): string {
  const [name, argument] = Object.entries(expression)[0] ?? [];
  if (name === undefined) throw new PatternSyntaxError(`${subject} expression name not found`);
  if (name !== 'equals-ignore-case') throw new PatternSyntaxError(`Unsupported ${kind} pattern: ${name}`);
  const wanted = text(argument, 'equals-ignore-case match pattern must be a string');
  if (Object.keys(expression).length > 1) throw new PatternSyntaxError('Only one key allowed in match expression');
  return wanted;
}

function text(argument: unknown, otherwise: string): string {
  if (typeof argument !== 'string') throw new PatternSyntaxError(otherwise);
  return argument;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
