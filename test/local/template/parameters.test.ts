import { expect, it } from 'vitest';
import { parameterValues } from '../../../local/template/parameters.ts';

const read = async (name: string) => `value of ${name}`;
const values = async (parameters: any, given: Record<string, string> = {}) =>
  Object.fromEntries(await parameterValues('Stack', parameters, given, read));

it('takes given values before defaults, and splits lists', async () => {
  const parameters = {
    A: { Type: 'String', Default: 'a' },
    B: { Type: 'Number', Default: 1 },
    C: { Type: 'CommaDelimitedList', Default: 'x, y' },
  };
  expect(await values(parameters, { A: 'given' })).toEqual({ A: 'given', B: '1', C: ['x', 'y'] });
});

it('reads parameters of the Systems Manager', async () => {
  const Type = 'AWS::SSM::Parameter::Value<String>';
  expect(await values({ V: { Type, Default: '/app/version' } })).toEqual({ V: 'value of /app/version' });
});

it.each<[string, object, string | undefined, RegExp]>([
  ['no value', { Type: 'String' }, undefined, /parameter P has no value/],
  ['a value that is not allowed', { Type: 'String', AllowedValues: ['a', 'b'] }, 'c', /not one of a, b/],
  ['a value off the pattern', { Type: 'String', AllowedPattern: '[a-z]+' }, 'A', /does not match/],
  ['a text that is too long', { Type: 'String', MaxLength: 2 }, 'abc', /longer than 2/],
  ['a number that is none', { Type: 'Number' }, 'x', /not a number/],
  ['a number that is too large', { Type: 'Number', MaxValue: 3 }, '4', /above 3/],
  [
    'the words of the template, where it has some',
    { Type: 'Number', MaxValue: 3, ConstraintDescription: 'must be small' },
    '4',
    /must be small/,
  ],
])('refuses %s', async (_name, parameter, given, message) => {
  await expect(values({ P: parameter }, given === undefined ? {} : { P: given })).rejects.toThrow(message);
});

it('refuses a value for a parameter that the template does not have', async () => {
  await expect(values({}, { Typo: '1' })).rejects.toThrow('Stack: the template has no parameter Typo');
});
