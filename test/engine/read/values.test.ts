import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readContent } from '../../fixtures/engine/read-file.ts';

/** Each text as a row of one column of that type: what it becomes, or that it is rejected. */
async function typed(schema: z.ZodType, texts: readonly string[]): Promise<unknown[]> {
  const content = texts.map((text, index) => `${index},"${text}"\n`).join('');
  const shape = z.object({ n: z.int(), v: schema as z.ZodString });
  const { rows, rejects } = await readContent(`n,v\n${content}`, { format: 'csv', schema: shape });
  expect(rows.length + rejects.length).toBe(texts.length);
  return texts.map((_, index) => {
    const row = rows.find(({ n }) => Number(n) === index);
    return row ? row.v : 'rejected';
  });
}

const rejected = (...texts: string[]) => texts.map((text): [string, unknown] => [text, 'rejected']);

describe.each<[string, z.ZodType, [string, unknown][]]>([
  [
    'BIGINT',
    z.int(),
    [
      ['0', '0'],
      ['-1', '-1'],
      ['+7', '7'],
      [' 8 ', '8'],
      ['007', '7'],
      ['9007199254740993', '9007199254740993'],
      ['9223372036854775807', '9223372036854775807'],
      ...rejected(
        '9223372036854775808',
        '1.5',
        '1.0',
        '1e3',
        '0x1F',
        '1_000',
        '1,000',
        'NaN',
        '-',
        ' ',
        '١',
        '99999999999999999999999',
      ),
    ],
  ],
  [
    'INTEGER',
    z.int32(),
    [['2147483647', 2_147_483_647], ['-2147483648', -2_147_483_648], ...rejected('2147483648', '1.5', '1e1')],
  ],
  [
    'HUGEINT, stored as DECIMAL(38,0)',
    z.bigint(),
    [
      ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
      ['000000000000000000000000000000000000000000001', '1'],
      ...rejected('1.5', '100000000000000000000000000000000000000', '999999999999999999999999999999999999999999'),
    ],
  ],
  [
    'DOUBLE',
    z.number(),
    [
      ['1.5', 1.5],
      ['-.5', -0.5],
      ['1e3', 1000],
      [' 2 ', 2],
      ['9007199254740992', 9_007_199_254_740_992],
      ['0.1234567890123456789', 0.12345678901234568],
      ['0e-400', 0],
      ['0.0E5', 0],
      ['1e-300', 1e-300],
      ['1.7976931348623157e308', Number.MAX_VALUE],
      ...rejected('9007199254740993', 'NaN', 'Infinity', '-inf', '1e400', '-1.8e308', '1_000', '1,5', '', 'x'),
      // What is next to 0 would be 0.
      ...rejected('1e-400', '-1E-324', '0.001e-400', `0.${'0'.repeat(400)}1`),
    ],
  ],
  ['FLOAT', z.float32(), [['1.5', 1.5], ['0', 0], ...rejected('1e39', '1e-50', '16777217', 'NaN')]],
  [
    'DATE',
    z.iso.date(),
    [
      ['2021-02-28', '2021-02-28'],
      ['2021-2-8', '2021-02-08'],
      ['2021-01-01 00:00:00', '2021-01-01'],
      ['2021-01-01T00:00:00Z', '2021-01-01'],
      ...rejected(
        '2021-02-30',
        '2021-13-01',
        '2021-01-01 10:00:00',
        'epoch',
        'infinity',
        'today',
        'now',
        '01/02/2021',
        '20210101',
      ),
    ],
  ],
  [
    'TIMESTAMP, in UTC',
    z.iso.datetime(),
    [
      ['2021-01-01 10:11:12', '2021-01-01 10:11:12'],
      ['2021-01-01T10:11:12Z', '2021-01-01 10:11:12'],
      ['2021-01-01T00:00:00+02:00', '2020-12-31 22:00:00'],
      ['2021-01-01 00:00:00-05:30', '2021-01-01 05:30:00'],
      ['2021-01-01 00:00:00.123456', '2021-01-01 00:00:00.123456'],
      ['2021-01-01 00:00:00.123456000', '2021-01-01 00:00:00.123456'],
      ['2021-01-01', '2021-01-01 00:00:00'],
      ...rejected(
        '2021-01-01 00:00:00.123456789',
        '2021-01-01 25:00:00',
        '2021-02-30 10:00:00',
        'epoch',
        '-infinity',
        'now',
      ),
    ],
  ],
  [
    'TIME',
    z.iso.time(),
    [
      ['10:00', '10:00:00'],
      ['23:59:59.5', '23:59:59.5'],
      ['23:59:59.999999', '23:59:59.999999'],
      ...rejected('24:00', '24:00:00.0', '25:00:00', '10:00:00+02:00', '10:00:00.1234567', '10'),
    ],
  ],
  [
    'BOOLEAN',
    z.boolean(),
    [['true', true], ['FALSE', false], ['1', true], ['f', false], ...rejected('2', 'maybe', 'on')],
  ],
])('%s', (_, schema, cases) => {
  test('keeps a value exactly or rejects its row', async () => {
    const found = await typed(
      schema,
      cases.map(([text]) => text),
    );
    expect(cases.map(([text], index) => [text, found[index]])).toEqual(cases);
  });
});

test('a rule sees the typed value, whatever texts it holds', async () => {
  const schema = z.object({ v: z.enum(['v', '"v"', 'x']), n: z.int().max(9) });
  const { rows, rejects } = await readContent('v,n\nv,1\n"""v""",2\ny,3\nx,10\n', { format: 'csv', schema });
  expect(rows.map(({ v }) => v)).toEqual(['v', '"v"']);
  expect(rejects.map(({ row, reason }) => [row, reason])).toEqual([
    [3, 'v: "y" is not one of v, "v", x'],
    [4, 'n: "10" is above 9'],
  ]);
});

test('a row with several faults is rejected once, under the first, with all reasons', async () => {
  const schema = z.object({ a: z.int(), b: z.string(), c: z.string().max(2) });
  const { rejects } = await readContent('a,b,c\nx,,long\n', { format: 'csv', schema });
  expect(rejects).toMatchObject([
    { rule: 'a is BIGINT', reason: 'a: "x" is not a BIGINT; b: is missing; c: "long" is longer than 2' },
  ]);
});
