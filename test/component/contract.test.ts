import { describe, expect, it, test } from 'vitest';
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

describe('columns that change', () => {
  const two = z.object({ a: z.int(), b: z.int() });

  it('are in the plan as they were asked for, and not where nobody asked', async () => {
    const options = { evolution: { added: 'stop', missing: 'quarantine' }, aliases: { a: ['A1'] } } as const;
    expect(await planContract(contract(two, options as never), 'x')).toMatchObject(options);
    expect(Object.keys(await planContract(contract(two), 'x'))).toEqual(['name', 'fields', 'unknownColumns']);
  });

  it.each([
    ['an alias of no column', two, { aliases: { c: ['A'] } }, 'the contract has no column "c"'],
    ['an alias of two columns', two, { aliases: { a: ['x'], b: ['x'] } }, 'the alias "x" stands for several columns'],
    ['an alias that is a column', two, { aliases: { a: ['b'] } }, 'the alias "b" stands for several columns'],
    [
      'columns that may be added and are refused',
      z.strictObject(two.shape),
      { evolution: { added: 'evolve' } },
      'the contract refuses columns that it does not name, and lets them be added',
    ],
  ] as const)('%s are refused', async (_, schema, options, problem) => {
    await expect(planContract(contract(schema, options as never), 'x')).rejects.toMatchObject({
      code: 'CONTRACT_UNSUPPORTED',
      problem,
      received: expect.anything(),
      allowed: expect.anything(),
      change: expect.any(String),
    });
  });
});
