import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { decimal } from '../../../lib/component/decimal.ts';
import { recordReader } from '../../fixtures/engine/read-records.ts';

const read = recordReader();
const schema = z.object({
  price: decimal(20, 4).nullable(),
  size: z.int().meta({ columnType: 'UTINYINT' }).nullable(),
  at: z.iso.datetime({ offset: true }).meta({ columnType: 'TIMESTAMPTZ' }).nullable(),
  whole: z.bigint().nullable(),
  steps: z.number().multipleOf(0.05).meta({ columnType: 'DECIMAL(36,2)' }).nullable(),
  full: z.number().gt(-0.5).max(Number.POSITIVE_INFINITY).meta({ columnType: 'DECIMAL(38,0)' }).nullable(),
});
const none = { price: null, size: null, at: null, whole: null, steps: null, full: null };

/** What a value becomes, or the reason why its row is rejected. */
async function made(column: keyof typeof none, text: string) {
  const { rows, rejects } = await read(
    `price,size,at,whole,steps,full\n${Object.keys(none)
      .map((name) => (name === column ? text : ''))
      .join(',')}\n`,
    { format: 'csv', schema },
  );
  return rejects[0]?.reason ?? rows[0]![column];
}

describe('a value of a declared type is kept exactly, or rejected', () => {
  test.each([
    ['price', '1234567890123456.7891', '1234567890123456.7891'],
    ['price', '0.1', '0.1000'],
    ['price', '0.00001', /is not a DECIMAL\(20,4\)/],
    ['price', '12345678901234567.1', /is not a DECIMAL\(20,4\)/],
    ['size', '255', 255],
    ['size', '256', /is not an UTINYINT/],
    ['size', '-1', /is not an UTINYINT/],
    ['at', '2024-03-31T01:30:00+02:00', '2024-03-30 23:30:00+00'],
    ['at', '2024-03-31T01:30:00.123456Z', '2024-03-31 01:30:00.123456+00'],
    ['at', '2024-03-31T01:30:00', /is not a TIMESTAMP WITH TIME ZONE/],
    ['at', '2024-03-31', /is not a TIMESTAMP WITH TIME ZONE/],
    ['at', '2024-03-31T01:30:00.1234567Z', /is not a TIMESTAMP WITH TIME ZONE/],
    ['whole', '12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['whole', '1.5', /is not a HUGEINT/],
    ['steps', '-9999999999999999999999999999999999.95', '-9999999999999999999999999999999999.95'],
    ['full', '9'.repeat(38), '9'.repeat(38)],
    ['full', '0', '0'],
    ['full', '-1', /is not above -0.5/],
    ['steps', '9999999999999999999999999999999999.96', /is not a multiple of 0.05/],
  ] as const)('%s %s', async (column, text, expected) => {
    const found = await made(column, text);
    if (expected instanceof RegExp) expect(found).toMatch(expected);
    else expect(found).toEqual(expected);
  });
});
