import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { contract, unknownColumnsOf } from '../../lib/component/contract.ts';

describe('columns that a contract does not name', () => {
  test.each([
    ['are passed over', z.object({ a: z.int() }), 'ignore'],
    ['are passed over by a loose object', z.looseObject({ a: z.int() }), 'ignore'],
    ['stop the run under a strict object', z.strictObject({ a: z.int() }), 'reject'],
  ])('%s', (_, schema, expected) => {
    expect(unknownColumnsOf(contract(schema))).toBe(expected);
  });

  test('do what the options say, if they say', () => {
    expect(unknownColumnsOf(contract(z.object({ a: z.int() }), { unknownColumns: 'reject' }))).toBe('reject');
    expect(unknownColumnsOf(contract(z.strictObject({ a: z.int() }), { unknownColumns: 'ignore' }))).toBe('ignore');
  });
});

test('a contract is frozen', () => {
  const made = contract(z.object({ a: z.int() }), { name: 'things' });
  expect(Object.isFrozen(made) && Object.isFrozen(made.options)).toBe(true);
});
