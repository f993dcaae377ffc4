import { PatternSyntaxError } from './syntax-error.ts';
import { endsWith, equalsIgnoringCase, exactly, noneOf, startsWith, type Test } from './tests.ts';
import { wildcardTest } from './wildcard.ts';

const tooMany = 'Too many elements in numeric expression';
const affix = 'prefix/suffix match pattern must be a string';

interface Negatable {
  readonly test: (text: string) => Test;
  readonly wrongType: string;
  readonly allowsEmpty: boolean;
}

const negatable = new Map<string, Negatable>([
  ['prefix', { test: startsWith, wrongType: affix, allowsEmpty: false }],
  ['suffix', { test: endsWith, wrongType: affix, allowsEmpty: false }],
  ['wildcard', { test: wildcardTest, wrongType: 'wildcard match pattern must be a string', allowsEmpty: true }],
  [
    'equals-ignore-case',
    {
      test: equalsIgnoringCase,
      wrongType: 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
      allowsEmpty: true,
    },
  ],
]);

/** `anything-but`: a value, a list of values, or a text match over one text or several. */
export function anythingBut(argument: unknown): Test {
  if (argument === null || typeof argument !== 'object' || Array.isArray(argument)) return noneOf(plainTests(argument));
  const [name, inner] = Object.entries(argument)[0] ?? [];
  if (name === undefined) throw new PatternSyntaxError('Anything-But expression name not found');
  const operator = negatable.get(name);
  if (!operator) throw new PatternSyntaxError(`Unsupported anything-but pattern: ${name}`);
  checkShape(inner);
  const tests = (Array.isArray(inner) ? inner : [inner]).map((text) => {
    if (typeof text !== 'string') throw new PatternSyntaxError(operator.wrongType);
    if (text === '' && !operator.allowsEmpty) throw new PatternSyntaxError('Null prefix/suffix not allowed');
    return operator.test(text);
  });
  if (Object.keys(argument).length > 1) throw new PatternSyntaxError(tooMany);
  return noneOf(tests);
}

function plainTests(argument: unknown): Test[] {
  checkShape(argument);
  if (!Array.isArray(argument)) return [exactly(argument as string | number)];
  const types = new Set(argument.map((value) => (value === null ? 'null' : typeof value)));
  if ([...types].some((type) => type !== 'string' && type !== 'number')) {
    throw new PatternSyntaxError('Inside anything but list, start|null|boolean is not supported.');
  }
  if (types.size !== 1) {
    throw new PatternSyntaxError(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return argument.map(exactly);
}

function checkShape(argument: unknown): void {
  if (Array.isArray(argument) || typeof argument === 'string' || typeof argument === 'number') return;
  throw new PatternSyntaxError('Value of anything-but must be an array or single string/number value.');
}
