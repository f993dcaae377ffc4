import { expect, test } from 'vitest';
import { type ParameterType, parameterText } from '../../lib/component/parameter.ts';

test.each<[ParameterType, string | number | bigint, string | undefined]>([
  ['integer', '9223372036854775807', '9223372036854775807'],
  ['integer', 9223372036854775807n, '9223372036854775807'],
  ['integer', '9223372036854775808', undefined],
  ['integer', 2 ** 53 - 1, '9007199254740991'],
  ['integer', 2 ** 53, undefined],
  ['number', '9007199254740992', '9007199254740992'],
  ['number', '9007199254740993', undefined],
  ['number', 9007199254740993n, undefined],
  ['number', '123456789012345680000', '123456789012345680000'],
  ['number', 1e21, '1e+21'],
  ['number', '0e-400', '0'],
  ['number', '1e-400', undefined],
  ['number', '0.1', '0.1'],
])('a parameter of type %s keeps %s or refuses it', (type, value, text) => {
  expect(parameterText(type, value)).toBe(text);
});
