import { expect, it } from 'vitest';
import * as z from 'zod';
import { optionRows } from '../../lib/registry/option-rows.ts';

const rows = (schema: z.ZodType) => optionRows(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));

it('every option stands with its type, default and meaning', () => {
  const schema = z.strictObject({
    key: z.array(z.string()).describe('columns | names'),
    keep: z.enum(['first', 'latest']).default('first'),
    share: z.number().optional().describe('of the rows'),
  });
  expect(rows(schema)).toEqual([
    ['`key`', 'list of text', 'required', 'columns \\| names'],
    ['`keep`', '`first`, `latest`', '`first`', ''],
    ['`share`', 'number', '', 'of the rows'],
  ]);
});

it('options inside of maps, lists and choices stand with their path', () => {
  const inner = z.strictObject({ to: z.string() });
  const schema = z.strictObject({ columns: z.record(z.string(), z.union([z.string(), inner])), more: z.array(inner) });
  expect(rows(schema).map(([name, type]) => `${name} ${type}`)).toEqual([
    '`columns` map to text or object',
    '`columns.*.to` text',
    '`more` list of object',
    '`more[].to` text',
  ]);
});
