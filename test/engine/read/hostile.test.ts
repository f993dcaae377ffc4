import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { CsvScanner } from '../../../lib/engine/read/csv-scanner.ts';
import { LineScanner } from '../../../lib/engine/read/line-scanner.ts';
import type { Scanner } from '../../../lib/engine/read/scanner.ts';
import { TextCutter } from '../../../lib/engine/read/text-cutter.ts';
import { openEachDatabase } from '../../fixtures/engine/kept-databases.ts';
import { recordReader } from '../../fixtures/engine/read-records.ts';

openEachDatabase();

const readRecords = recordReader();
const csv = { kind: 'csv', delimiter: ',', quote: '"', header: true } as const;
const megabyte = Buffer.alloc(1024 * 1024, 'x');

describe('one line of a gigabyte', () => {
  test.each<[string, () => Scanner]>([
    ['CSV', () => new CsvScanner(csv, 2)],
    ['NDJSON', () => new LineScanner()],
  ])('is one bad record of %s, and is never held', (_, make) => {
    const scanner = make();
    const found: (string | undefined)[] = [];
    const take = (bytes: Buffer) => {
      for (const { problem } of scanner.push(bytes)) found.push(problem);
    };
    take(Buffer.from('a,b\n'));
    const before = process.memoryUsage.rss();
    for (let piece = 0; piece < 1024; piece++) take(megabyte);
    expect(process.memoryUsage.rss() - before).toBeLessThan(512 * 1024 * 1024);
    take(Buffer.from('\n1,2\n'));
    expect(found.filter((problem) => problem !== undefined)).toEqual(['is longer than 16777216 bytes']);
    expect(found.at(-1)).toBeUndefined();
  });

  test('is not cut', () => {
    const cutter = new TextCutter({ kind: 'ndjson' }, 1, 1024 * 1024);
    cutter.push(Buffer.from('{}\n'));
    for (let piece = 0; piece < 40; piece++) cutter.push(megabyte);
    cutter.push(Buffer.from('\n{}\n'));
    const size = 3 + 40 * megabyte.length + 4;
    expect(cutter.end(size)).toEqual([{ from: 0, to: size, header: 0, recordsBefore: 0 }]);
  });
});

test('half a character in JSON is rejected, whole ones are kept', async () => {
  const schema = z.object({ a: z.string() });
  const content = '{"a":"\\ud83d\\ude00"}\n{"a":"\\ud83d"}\n{"a":"\\ude00\\ud83d"}\n';
  const { rows, rejects } = await readRecords(content, { format: 'ndjson', schema });
  expect(rows).toEqual([{ a: '😀' }]);
  expect(rejects.map(({ row, rule }) => [row, rule])).toEqual([
    [2, 'record is JSON'],
    [3, 'record is JSON'],
  ]);
});

test.each(['csv', 'ndjson'] as const)(
  'columns of a %s file may be called what JavaScript has plans for',
  async (format) => {
    const names = ['constructor', 'toString', 'hasOwnProperty'];
    const schema = z.object(Object.fromEntries(names.map((name) => [name, z.int()])));
    const good = names.map((_, index) => index);
    const content =
      format === 'csv'
        ? `__proto__,${names.join(',')}\nx,${good.join(',')}\nx,${names.join(',')}\n`
        : `{"__proto__":1,${names.map((name, index) => `"${name}":${index}`).join(',')}}\n{"constructor":"x"}\n`;
    const { rows, rejects } = await readRecords(content, { format, schema });
    expect(rows).toEqual([Object.fromEntries(names.map((name, index) => [name, String(index)]))]);
    expect(rejects).toMatchObject([{ row: 2, rule: 'constructor is BIGINT' }]);
  },
);

test('an NDJSON file whose records change their keys half-way loses none', async () => {
  const schema = z.object({ a: z.int(), b: z.string().nullable() });
  const usual = '{"a":1,"b":"x"}\n'.repeat(5000);
  const others = '{"a":2}\n{"a":3,"b":"y","c":1}\n{"b":"z","a":4}\n{"a":5,"a":6}\n{"a":7,"b":\n[]\n';
  const { rows, rejects, rowsIn } = await readRecords(usual + others + usual, { format: 'ndjson', schema });
  expect(rowsIn).toBe(10_006);
  expect(rows.filter(({ a }) => a !== '1')).toEqual([
    { a: '2', b: null },
    { a: '3', b: 'y' },
    { a: '4', b: 'z' },
  ]);
  expect(rejects.map(({ row, rule }) => [row, rule])).toEqual([
    [5004, 'keys are unique'],
    [5005, 'record is JSON'],
    [5006, 'record is an object'],
  ]);
});
