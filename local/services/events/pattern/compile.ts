import type { Alternative, Condition } from './match.ts';
import { matchExpression } from './match-expression.ts';
import { PatternSyntaxError } from './syntax-error.ts';
import { exactly } from './tests.ts';

export { PatternSyntaxError } from './syntax-error.ts';

/** `$or` multiplies; AWS refuses a pattern that has more combinations than this. */
const maxAlternatives = 1000;

const reservedInOr = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
]);

/** Conditions by path; a path that occurs again replaces its earlier condition. */
type Branch = Map<string, Condition>;

/** A parsed pattern as alternatives. Throws PatternSyntaxError in AWS's words. */
export function compilePattern(pattern: unknown): readonly Alternative[] {
  if (!isObject(pattern)) throw new PatternSyntaxError('Filter is not an object');
  const branches = object([new Map()], '', pattern, false);
  return branches.map((branch) => [...branch.values()]);
}

function object(branches: Branch[], path: string, pattern: Record<string, unknown>, insideOr: boolean): Branch[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new PatternSyntaxError('Empty objects are not allowed');
  let current = branches;
  for (const [name, value] of entries) {
    if (name === '$or') {
      current = or(current, path, value);
      continue;
    }
    if (insideOr && reservedInOr.has(name)) {
      throw new PatternSyntaxError(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
    }
    const inner = path === '' ? name : `${path}.${name}`;
    if (Array.isArray(value)) {
      const condition = conditionOf(inner, value);
      for (const branch of current) branch.set(inner, condition);
    } else if (isObject(value)) {
      current = object(current, inner, value, insideOr);
    } else {
      throw new PatternSyntaxError(`"${name}" must be an object or an array`);
    }
  }
  return current;
}

/** Every choice of a `$or` continues every branch that led to it. */
function or(branches: Branch[], path: string, choices: unknown): Branch[] {
  if (!Array.isArray(choices)) throw new PatternSyntaxError('It must be an Array followed with $or.');
  const forked: Branch[] = [];
  for (const choice of choices) {
    if (!isObject(choice)) throw new PatternSyntaxError('Only JSON object is allowed in array of $or relationship.');
    const copies = branches.map((branch) => new Map(branch));
    forked.push(...object(copies, path, choice, true));
    if (forked.length > maxAlternatives) {
      throw new PatternSyntaxError(
        `Rule is too complex - it has more than ${maxAlternatives} combinations of $or choices`,
      );
    }
  }
  if (choices.length < 2) throw new PatternSyntaxError('There must have at least 2 Objects in $or relationship.');
  return forked;
}

function conditionOf(path: string, values: readonly unknown[]): Condition {
  const tests: Condition['tests'][number][] = [];
  let absent = false;
  for (const value of values) {
    if (Array.isArray(value)) throw new PatternSyntaxError('Match value must be String, number, true, false, or null');
    if (!isObject(value)) {
      tests.push(exactly(value as string | number | boolean | null));
      continue;
    }
    const test = matchExpression(value);
    if (test === 'absent') absent = true;
    else tests.push(test);
  }
  if (values.length === 0) throw new PatternSyntaxError('Empty arrays are not allowed');
  return { path, tests, absent };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
