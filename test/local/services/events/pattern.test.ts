import { expect, test } from 'vitest';
import { matchesPattern, validatePattern } from '../../../../local/services/events/pattern.ts';

const on = (name: string, test: unknown) => ({ [name]: [test] });

test.each<[string, object, object, boolean]>([
  ['a text', { a: ['x', 'y'] }, { a: 'y' }, true],
  ['another text', { a: ['x'] }, { a: 'z' }, false],
  ['a number however it is written', { a: [300] }, { a: 3e2 }, true],
  ['no number in a text', { a: [300] }, { a: '300' }, false],
  ['null as a value', { a: [null] }, { a: null }, true],
  ['null as no missing field', { a: [null] }, {}, false],
  ['an element of a list', { a: ['x'] }, { a: ['w', 'x'] }, true],
  ['an element of a list in a list', { a: ['x'] }, { a: [['w'], ['x']] }, true],
  ['a dot in a name as a step', { a: { b: ['x'] } }, { 'a.b': 'x' }, true],
  ['a step as a dot in a name', { 'a.b': ['x'] }, { a: { b: 'x' } }, true],
  ['only all fields', { a: ['x'], b: ['y'] }, { a: 'x' }, false],
  ['fields called like parts of Object', { constructor: ['x'] }, { constructor: 'x' }, true],
  ['no inherited field', { toString: [{ exists: true }] }, {}, false],
  ['a beginning', on('a', { prefix: 'ab' }), { a: 'abc' }, true],
  ['a beginning in any case', on('a', { prefix: { 'equals-ignore-case': 'AB' } }), { a: 'aBc' }, true],
  ['an end', on('a', { suffix: 'bc' }), { a: 'abc' }, true],
  ['an end in any case', on('a', { suffix: { 'equals-ignore-case': 'BC' } }), { a: 'abc' }, true],
  ['no beginning of a number', on('a', { prefix: '1' }), { a: 12 }, false],
  ['a text in any case', on('a', { 'equals-ignore-case': 'ÄB' }), { a: 'äb' }, true],
  ['a field that is there', on('a', { exists: true }), { a: null }, true],
  ['no field that only holds others', on('a', { exists: true }), { a: { b: 1 } }, false],
  ['an empty list as absent', on('a', { exists: false }), { a: [] }, true],
  ['a field that only holds others as absent', on('a', { exists: false }), { a: { b: 1 } }, true],
  ['anything but a value', on('a', { 'anything-but': ['x', 'y'] }), { a: 'z' }, true],
  ['anything but a value, of a list with another', on('a', { 'anything-but': 'x' }), { a: ['x', 'z'] }, true],
  ['anything but a value, not of nothing', on('a', { 'anything-but': 'x' }), {}, false],
  ['anything but a number, of a text', on('a', { 'anything-but': 1 }), { a: '1' }, true],
  ['anything but beginnings', on('a', { 'anything-but': { prefix: ['x', 'y'] } }), { a: 'yes' }, false],
  ['anything but a wildcard', on('a', { 'anything-but': { wildcard: '*.tmp' } }), { a: 'x.csv' }, true],
  ['a range', on('a', { numeric: ['>', 0, '<=', 5] }), { a: 5 }, true],
  ['no number at its edge', on('a', { numeric: ['>', 0, '<=', 5] }), { a: 0 }, false],
  ['an exact number', on('a', { numeric: ['=', 0.3] }), { a: 0.3 }, true],
  ['an address in a block', on('a', { cidr: '10.0.0.0/24' }), { a: '10.0.0.255' }, true],
  ['an address of a block given by one inside', on('a', { cidr: '10.0.0.7/24' }), { a: '10.0.0.1' }, true],
  ['no address outside', on('a', { cidr: '10.0.0.0/24' }), { a: '10.0.1.0' }, false],
  ['an address of six', on('a', { cidr: '2001:db8::/32' }), { a: '2001:DB8:0:1::5' }, true],
  ['the same address written otherwise', { a: ['2001:db8::1'] }, { a: '2001:0db8:0:0:0:0:0:1' }, true],
  ['a wildcard', on('a', { wildcard: 'in/*/day=*.csv' }), { a: 'in/x/y/day=1.csv' }, true],
  ['no overlapping halves of a wildcard', on('a', { wildcard: 'aba*ba' }), { a: 'aba' }, false],
  ['an escaped star as itself', on('a', { wildcard: 'a\\*b' }), { a: 'axb' }, false],
  ['one of several choices', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, true],
  ['choices beside conditions', { c: ['z'], $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: 'x', b: 'y' }, false],
  [
    'choices within choices',
    { $or: [{ a: ['x'], $or: [{ b: [1] }, { c: [1] }] }, { d: [1] }] },
    { a: 'x', c: 1 },
    true,
  ],
  ['fields of the same element', { a: { x: [1], y: [2] } }, { a: [{ x: 1, y: 2 }] }, true],
  [
    'no fields of different elements',
    { a: { x: [1], y: [2] } },
    {
      a: [
        { x: 1, y: 3 },
        { x: 2, y: 2 },
      ],
    },
    false,
  ],
  ['fields of different lists', { a: { x: [1] }, b: { y: [2] } }, { a: [{ x: 1 }], b: [{ y: 1 }, { y: 2 }] }, true],
])('matches %s', (_, pattern, event, expected) => {
  expect(matchesPattern(pattern, event)).toBe(expected);
});

test.each<[unknown, string]>([
  ['x', 'Filter is not an object'],
  [{}, 'Empty objects are not allowed'],
  [{ a: [] }, 'Empty arrays are not allowed'],
  [{ a: 'x' }, '"a" must be an object or an array'],
  [{ a: [['x']] }, 'Match value must be String, number, true, false, or null'],
  [{ a: [{}] }, 'Match expression name not found'],
  [{ a: [{ like: 'x' }] }, 'Unrecognized match type like'],
  [{ a: [{ toString: 'x' }] }, 'Unrecognized match type toString'],
  [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'Only one key allowed in match expression'],
  [{ a: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false.'],
  [{ a: [{ numeric: [] }] }, 'Invalid member in numeric match: ]'],
  [{ a: [{ numeric: ['~', 1] }] }, 'Unrecognized numeric range operator: ~'],
  [{ a: [{ numeric: ['=', 'x'] }] }, 'Value of equals must be numeric'],
  [{ a: [{ numeric: ['>', 5, '<', 1] }] }, 'Bottom must be less than top'],
  [{ a: [{ numeric: ['<', 5, '>', 1] }] }, 'Too many elements in numeric expression'],
  [{ a: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
  [{ a: [{ cidr: '10.0.0.0/32' }] }, 'IPv4 mask bits must be < 32'],
  [{ a: [{ cidr: 'host/8' }] }, 'Nonstandard IP address: host'],
  [{ a: [{ 'anything-but': { like: 'x' } }] }, 'Unsupported anything-but pattern: like'],
  [{ a: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
  [
    { a: [{ 'anything-but': [1, 'x'] }] },
    'Inside anything but list, either all values are number or string, mixed type is not supported',
  ],
  [{ a: [{ wildcard: 'a**' }] }, 'Consecutive wildcard characters at pos 2'],
  [{ a: [{ wildcard: 'a\\b' }] }, 'Invalid escape character at pos 2'],
  [{ $or: [{ a: [1] }] }, 'There must have at least 2 Objects in $or relationship.'],
  [{ $or: [{ numeric: [1] }, { a: [1] }] }, 'numeric is Ruler reserved fieldName which cannot be used inside $or.'],
])('refuses %j', (pattern, reason) => {
  expect(() => validatePattern(JSON.stringify(pattern))).toThrow(
    expect.objectContaining({
      code: 'InvalidEventPatternException',
      message: `Event pattern is not valid. Reason: ${reason}`,
    }),
  );
});

test('refuses what is no JSON', () => {
  expect(() => validatePattern('{"a"')).toThrow(expect.objectContaining({ code: 'InvalidEventPatternException' }));
});

test('takes an event that nests deeper than the stack', () => {
  let event: object = { leaf: 'x' };
  for (let depth = 0; depth < 100_000; depth++) event = [event];
  expect(matchesPattern({ a: { leaf: ['x'] } }, { a: event })).toBe(true);
});

test('refuses choices that multiply beyond all measure', () => {
  const choices = Array.from({ length: 11 }, (_, n) => ({ $or: [{ [`a${n}`]: [1] }, { [`b${n}`]: [1] }] }));
  const nested = choices.reduceRight<object>((inner, choice) => ({ ...choice, next: inner }), { end: [1] });
  expect(() => validatePattern(nested)).toThrow(/too complex/);
});
