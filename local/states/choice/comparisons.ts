import type { Json } from '../json.ts';
import { parseTimestamp } from '../timestamp.ts';
import { matchesPattern } from './matches-pattern.ts';

type Comparison = (value: Json, expected: Json) => boolean;
type Ordering = (left: number | string, right: number | string) => boolean;

const orderings: Record<string, Ordering> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThan: (left, right) => left > right,
  GreaterThanEquals: (left, right) => left >= right,
};

/** The operators that compare a value with another; values of another type never match. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  BooleanEquals: (value, expected) => typeof value === 'boolean' && value === expected,
  StringMatches: (value, expected) =>
    typeof value === 'string' && typeof expected === 'string' && matchesPattern(value, expected),
  ...family('String', (value) => (typeof value === 'string' ? value : undefined)),
  ...family('Numeric', (value) => (typeof value === 'number' ? value : undefined)),
  ...family('Timestamp', (value) => (typeof value === 'string' ? parseTimestamp(value) : undefined)),
};

function family(name: string, read: (value: Json) => number | string | undefined): Record<string, Comparison> {
  return Object.fromEntries(
    Object.entries(orderings).map(([ending, compare]) => [
      `${name}${ending}`,
      (value: Json, expected: Json) => {
        const [left, right] = [read(value), read(expected)];
        return left !== undefined && right !== undefined && compare(left, right);
      },
    ]),
  );
}
