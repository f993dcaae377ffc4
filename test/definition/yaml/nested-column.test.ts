import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fieldsOf } from '../../../lib/component/contract-fields.ts';
import { decimal } from '../../../lib/component/decimal.ts';
import { readColumns } from '../../../lib/definition/yaml/contract-columns.ts';

const read = (v: unknown) => readColumns({ v }, 'c', (path, key) => [...path, ...(key ? [key] : [])].join('.'));

describe('lists and objects say the same in YAML and in zod', () => {
  it.each<[string, unknown, z.ZodType]>([
    ['a list', 'string[]', z.array(z.string())],
    ['a list that may be missing, of what may be missing', 'integer?[]?', z.array(z.int().nullable()).nullable()],
    ['a list of lists', 'number[][]', z.array(z.array(z.number()))],
    [
      'a list with bounds of its own and of its elements',
      { type: 'list', of: { type: 'string', maxLength: 3, pattern: '^a' }, minItems: 1, maxItems: 9 },
      z.array(z.string().max(3).regex(/^a/)).min(1).max(9),
    ],
    [
      'an object',
      {
        type: 'object?',
        members: {
          city: 'string',
          'post code': { type: 'integer', minimum: 1 },
          price: 'decimal(12,2)?',
          kind: { type: 'string', enum: ['a', 'b'] },
          tags: 'string[]?',
        },
      },
      z
        .object({
          city: z.string(),
          'post code': z.int().min(1),
          price: decimal(12, 2).nullable(),
          kind: z.enum(['a', 'b']),
          tags: z.array(z.string()).nullable(),
        })
        .nullable(),
    ],
    [
      'integers without a sign',
      { type: 'object', members: { a: { type: 'integer', format: 'u32' }, b: { type: 'integer', format: 'u64' } } },
      z.object({ a: z.uint32(), b: z.uint64() }),
    ],
    ['a set of numbers', { type: 'list', of: { type: 'number', enum: [0.5, 2] } }, z.array(z.literal([0.5, 2]))],
    [
      'a list of objects with something confined in them',
      { type: 'list', of: { type: 'object', members: { ssn: { type: 'string', classification: 'restricted' } } } },
      z.array(z.object({ ssn: z.string().meta({ classification: 'restricted' }) })),
    ],
  ])('%s', (_, yaml, zod) => {
    const { fields, problems } = read(yaml);
    expect(problems).toEqual([]);
    expect(fields).toEqual(fieldsOf(z.object({ v: zod })));
  });
});

describe('what is wrong inside of them is said at its place', () => {
  it.each<[string, unknown, object]>([
    ['an element of an unknown type', 'strng[]', { at: 'v', change: 'did you mean "string"?' }],
    ['a list of nothing', { type: 'list' }, { at: 'v.of', problem: 'of is missing', allowed: 'a value' }],
    [
      'an option that there is not',
      { type: 'list', of: 'string', maxItem: 3 },
      { at: 'v.maxItem.key', change: 'did you mean "maxItems"?' },
    ],
    ['an object without members', { type: 'object' }, { at: 'v.members', problem: 'members is missing' }],
    [
      'a member of an unknown type',
      { type: 'object', members: { a: { type: 'list', of: 'intger' } } },
      { at: 'v.members.a.of.type', change: 'did you mean "integer"?' },
    ],
    [
      'a value of another type in a set',
      { type: 'list', of: { type: 'integer', enum: [1, 'a'] } },
      { at: 'v.of.enum.1', received: 'a', allowed: 'values of type integer' },
    ],
    [
      'a set of days',
      { type: 'list', of: { type: 'date', enum: ['2024-01-01'] } },
      { at: 'v.of.enum', problem: 'a set of values of type date is not supported' },
    ],
    [
      'what a set of values has no room for',
      { type: 'list', of: { type: 'integer', format: 'i8', enum: [1] } },
      { at: 'v.of.format', received: 'i8', allowed: 'enum alone' },
    ],
    [
      'bounds that zod has no counterpart for',
      { type: 'list', of: { type: 'date', minimum: '2024-01-01' } },
      { at: 'v' },
    ],
  ])('%s', (_, yaml, expected) => {
    const [problem] = read(yaml).problems;
    expect(problem).toMatchObject(expected);
    expect([problem!.received, problem!.allowed, problem!.change].every((one) => one !== undefined)).toBe(true);
  });
});
