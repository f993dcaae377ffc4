import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { contract, planContract } from '../../lib/component/contract.ts';

describe('columns that a contract does not name', () => {
  test.each([
    ['are passed over', z.object({ a: z.int() }), 'ignore'],
    ['are passed over by a loose object', z.looseObject({ a: z.int() }), 'ignore'],
    ['stop the run under a strict object', z.strictObject({ a: z.int() }), 'reject'],
  ])('%s', async (_, schema, expected) => {
    expect((await planContract(contract(schema), 'a')).unknownColumns).toBe(expected);
  });

  test('do what the options say, if they say', async () => {
    const stopping = contract(z.object({ a: z.int() }), { unknownColumns: 'reject' });
    const passing = contract(z.strictObject({ a: z.int() }), { unknownColumns: 'ignore' });
    expect((await planContract(stopping, 'a')).unknownColumns).toBe('reject');
    expect((await planContract(passing, 'a')).unknownColumns).toBe('ignore');
  });
});

test('a contract is frozen', () => {
  const made = contract(z.object({ a: z.int() }), { name: 'things' });
  expect(Object.isFrozen(made) && Object.isFrozen(made.options)).toBe(true);
});
