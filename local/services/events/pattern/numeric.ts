import { PatternSyntaxError } from './syntax-error.ts';
import type { Test } from './tests.ts';

/** Numbers outside of this are not comparable on AWS. */
const limit = 5_000_000_000;
const tooMany = 'Too many elements in numeric expression';

/** `numeric`: one comparison, or a lower and an upper bound. */
export function numericTest(argument: unknown): Test {
  if (!Array.isArray(argument)) throw new PatternSyntaxError('Value of numeric must be an array.');
  const [operator, first] = argument;
  if (typeof operator !== 'string')
    throw new PatternSyntaxError(`Invalid member in numeric match: ${shown(argument, 0)}`);
  const comparison = comparisons.get(operator);
  if (!comparison) throw new PatternSyntaxError(`Unrecognized numeric range operator: ${operator}`);
  const bound = comparable(first, operator === '=' ? 'equals' : operator);
  const holds = (value: number) => comparison(value, bound);
  if (argument.length === 2) return numbers(holds);
  if (operator !== '>' && operator !== '>=') throw new PatternSyntaxError(tooMany);
  return numbers(both(holds, upperBound(argument, bound)));
}

function upperBound(argument: readonly unknown[], bottom: number): (value: number) => boolean {
  const [, , operator, second] = argument;
  if (typeof operator !== 'string') throw new PatternSyntaxError(`Bad value in numeric range: ${shown(argument, 2)}`);
  if (operator !== '<' && operator !== '<=') throw new PatternSyntaxError(`Bad numeric range operator: ${operator}`);
  const top = comparable(second, operator);
  if (argument.length > 4) throw new PatternSyntaxError('Too many terms in numeric range expression');
  if (bottom >= top) throw new PatternSyntaxError('Bottom must be less than top');
  return (value) => comparisons.get(operator)!(value, top);
}

const comparisons = new Map<string, (value: number, bound: number) => boolean>([
  ['=', (value, bound) => value === bound],
  ['<', (value, bound) => value < bound],
  ['<=', (value, bound) => value <= bound],
  ['>', (value, bound) => value > bound],
  ['>=', (value, bound) => value >= bound],
]);

const numbers =
  (holds: (value: number) => boolean): Test =>
  (value) =>
    typeof value === 'number' && holds(value);

const both = (a: (value: number) => boolean, b: (value: number) => boolean) => (value: number) => a(value) && b(value);

function comparable(value: unknown, operator: string): number {
  if (typeof value !== 'number') throw new PatternSyntaxError(`Value of ${operator} must be numeric`);
  if (Math.abs(value) > limit) throw new PatternSyntaxError('Value must be between -5.0E9 and 5.0E9, inclusive');
  return value;
}

/** The token at a place as AWS's parser would print it; past the end it is the closing bracket. */
function shown(argument: readonly unknown[], place: number): string {
  if (place >= argument.length) return ']';
  const value = argument[place];
  if (Array.isArray(value)) return '[';
  return value !== null && typeof value === 'object' ? '{' : String(value);
}
