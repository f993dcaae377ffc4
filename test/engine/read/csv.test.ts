import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { runs } from '../../fixtures/depth.ts';
import type { Reading, ReadingOptions } from '../../fixtures/engine/read-file.ts';
import { recordReader } from '../../fixtures/engine/read-records.ts';

const readRecords = recordReader();
const two = z.object({ a: z.string().nullable(), b: z.string().nullable() });

function read(content: string | Uint8Array, options: Partial<ReadingOptions> = {}): Promise<Reading> {
  return readRecords(content, { format: 'csv', schema: two, ...options });
}

const pairs = ({ rows }: Reading) => rows.map(({ a, b }) => [a, b]);
const numbers = ({ rejects }: Reading) => rejects.map(({ row }) => row);

describe('a broken record costs itself and no other', () => {
  test('too few and too many fields', async () => {
    const reading = await read('a,b\n1,2\n3\n4,5,6\n7,8\n');
    expect(pairs(reading)).toEqual([
      ['1', '2'],
      ['7', '8'],
    ]);
    expect(reading.rejects).toEqual([
      { row: 2, rule: 'record is readable', reason: 'the record has 1 field, not 2', raw: '3' },
      { row: 3, rule: 'record is readable', reason: 'the record has 3 fields, not 2', raw: '4,5,6' },
    ]);
  });

  test('too few and too many fields among quoted ones, as they were written', async () => {
    const reading = await read('"a",b\r\n1,"x,y"\r\n"3"\r\n\r\n"4,5",6,"7"\r\n"8 ""9""",""\r\n');
    expect(pairs(reading)).toEqual([
      ['1', 'x,y'],
      ['8 "9"', null],
    ]);
    expect(reading.rejects).toEqual([
      { row: 2, rule: 'record is readable', reason: 'the record has 1 field, not 2', raw: '"3"' },
      { row: 3, rule: 'record is readable', reason: 'the record has 3 fields, not 2', raw: '"4,5",6,"7"' },
    ]);
  });

  test('a byte order mark within a file is a part of its record', async () => {
    const reading = await read('a,b\n1,"2"\n\uFEFF""a\n');
    expect(reading.rejects).toMatchObject([{ row: 2, reason: 'the record has 1 field, not 2', raw: '\uFEFF""a' }]);
    expect(pairs(await read('a,b\n\uFEFF1,\uFEFFa text of some length\n'))).toEqual([
      ['\uFEFF1', '\uFEFFa text of some length'],
    ]);
    expect(pairs(await read('\uFEFFa,b\n1,"2"\n'))).toEqual([['1', '2']]);
  });

  test('too few fields behind a header of several lines', async () => {
    const schema = z.object({ a: z.string() });
    const reading = await read('a,"b\nc"\n"1"\n2,"3"\n', { schema });
    expect(reading.rejects).toMatchObject([{ row: 1, raw: '"1"' }]);
  });

  test('a quote that is never closed', async () => {
    const reading = await read('a,b\n1,2\n3,"four\n5,6\n7,8\n');
    expect(pairs(reading)).toEqual([
      ['1', '2'],
      ['5', '6'],
      ['7', '8'],
    ]);
    expect(reading.rejects).toMatchObject([
      { row: 2, reason: 'the record has a quote that is not closed', raw: '3,"four' },
    ]);
  });

  test('text after a closing quote', async () => {
    const reading = await read('a,b\n1,"x"y\n3,4\n');
    expect(pairs(reading)).toEqual([['3', '4']]);
    expect(reading.rejects).toMatchObject([{ row: 1, reason: 'the record has text after a closing quote' }]);
  });

  test('bytes of another encoding', async () => {
    const reading = await read(Buffer.from('a,b\n1,caf\xe9\n2,x\n', 'latin1'));
    expect(pairs(reading)).toEqual([['2', 'x']]);
    expect(reading.rejects).toMatchObject([{ row: 1, reason: 'the record is not UTF-8 text', raw: '1,caf\uFFFD' }]);
  });

  test('a record longer than any buffer of the reader', async () => {
    const reading = await read(`a,b\n1,2\n3,${'x'.repeat(34_000_000)}\n5,6\n7\n`);
    expect(reading.rejects.map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'the record is longer than 16777216 bytes'],
      [4, 'the record has 1 field, not 2'],
    ]);
    expect(reading.rejects[0]!.raw.length).toBeLessThanOrEqual(65_536);
    expect([pairs(reading).length, reading.rowsIn]).toEqual([2, 4]);
  });

  test('every record, where the delimiter is another one', async () => {
    const { schema, ...rest } = { schema: z.object({ a: z.string() }), content: 'a\n1,2\n3,4\n' };
    const reading = await read(rest.content, { schema });
    expect([reading.rowsIn, numbers(reading)]).toEqual([2, [1, 2]]);
  });
});

describe('record numbers count records, not lines', () => {
  test('after quoted line ends', async () => {
    const reading = await read('a,b\n1,"two\nlines"\n"3\r\nx",4\n5\n"6\n\n6",7\n8,9,10\n');
    expect(pairs(reading)).toEqual([
      ['1', 'two\nlines'],
      ['3\r\nx', '4'],
      ['6\n\n6', '7'],
    ]);
    expect(numbers(reading)).toEqual([3, 5]);
  });

  test('after a header of several lines', async () => {
    const schema = z.object({ 'a\nx': z.string(), b: z.int() });
    const reading = await read('"a\nx",b\n1,2\n3,x\n4,5,6\n', { schema });
    expect(numbers(reading)).toEqual([2, 3]);
  });

  test('without a header', async () => {
    const reading = await read('1,2\n3\n4,5\n', { csv: { header: false } });
    expect([pairs(reading).length, numbers(reading)]).toEqual([2, [2]]);
  });

  test('in a file of many read buffers', async () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `${index + 1},"text\n${'x'.repeat(20)}"`);
    for (const number of [1, 33_333, 50_000, 60_000]) lines[number - 1] = `${number}`;
    const reading = await read(`a,b\n${lines.join('\n')}\n`);
    expect([reading.rowsIn, numbers(reading)]).toEqual([60_000, [1, 33_333, 50_000, 60_000]]);
  });

  test('in a file of many read buffers without a quote', async () => {
    const lines = Array.from({ length: 120_000 }, (_, index) => `${index + 1},${'x'.repeat(300)}`);
    const bad = [1, 2, 50_000, 99_999, 119_999, 120_000];
    for (const number of bad) lines[number - 1] = `${number}`;
    const schema = z.object({ a: z.int().max(119_997), b: z.string() });
    const reading = await read(`a,b\n${lines.join('\n')}\n`, { schema });
    expect(numbers(reading)).toEqual([...bad, 119_998].sort((a, b) => a - b));
    expect(reading.rejects.map(({ raw }) => raw.split(',')[0]?.replace(/\D/g, ''))).toEqual(
      numbers(reading).map(String),
    );
  });

  test('of rows that break a rule, next to broken records', async () => {
    const schema = z.object({ a: z.int(), b: z.string() });
    const reading = await read('a,b\nx,1\n2\n3,4\ny,5\n', { schema });
    expect(reading.rejects.map(({ row, rule }) => [row, rule])).toEqual([
      [1, 'a is BIGINT'],
      [2, 'record is readable'],
      [4, 'a is BIGINT'],
    ]);
  });
});

describe('layouts', () => {
  test.each([
    ['line feeds', 'a,b\n1,2\n3,4\n'],
    ['line feeds, none at the end', 'a,b\n1,2\n3,4'],
    ['pairs of carriage return and line feed', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['carriage returns', 'a,b\r1,2\r3,4\r'],
    ['a mixture of line ends', 'a,b\r\n1,2\n3,4\r\n'],
    ['blank lines', 'a,b\n\n1,2\n\n\n3,4\n\n'],
    ['a byte order mark', '\uFEFFa,b\n1,2\n3,4\n'],
    ['quotes around everything', '"a","b"\n"1","2"\n"3","4"\n'],
    ['columns in another order', 'b,a\n2,1\n4,3\n'],
    ['empty fields beyond the last column', 'a,b\n1,2,\n3,4,,""\n'],
    ['columns without a name', ',a,b,\n0,1,2,\n0,3,4,\n'],
    ['columns that nobody asked for', 'x,a,y,b\n0,1,0,2\n0,3,0,4\n'],
  ])('reads %s', async (_, content) => {
    const reading = await read(content);
    expect([pairs(reading), reading.rejects]).toEqual([
      [
        ['1', '2'],
        ['3', '4'],
      ],
      [],
    ]);
  });

  test('reads other delimiters and quotes', async () => {
    const reading = await read("a;b\n'1;x';'it''s'\n", { csv: { delimiter: ';', quote: "'" } });
    expect(pairs(reading)).toEqual([['1;x', "it's"]]);
  });

  test('keeps NUL bytes, control characters, SQL and formulas as they are', async () => {
    const texts = ['\0', '\x01', "'; DROP TABLE x; --", '=1+1', '#x', '\\N', 'NULL', ' padded '];
    const reading = await read(`a,b\n${texts.map((text, index) => `${index},${text}`).join('\n')}\n`);
    expect(reading.rows.map(({ b }) => b)).toEqual(texts);
  });

  test('takes an empty field for NULL, quoted or not', async () => {
    expect(pairs(await read('a,b\n,""\n'))).toEqual([[null, null]]);
  });

  test.each([
    ['an empty file', ''],
    ['a byte order mark and nothing else', '\uFEFF'],
    ['blank lines', '\n\r\n\n'],
    ['a byte order mark and blank lines', '\uFEFF\n\n'],
    ['a header and nothing else', 'a,b\n'],
    ['a header without its line end', 'a,b'],
  ])('publishes nothing of %s', async (_, content) => {
    expect(await read(content)).toEqual({ rows: [], rejects: [], rowsIn: 0 });
  });
});

test.each([
  ['without quotes', 'x'],
  ['with a line end in quotes', '"x\ny"'],
])('passes over blank lines before the header, of a file %s', async (_, value) => {
  for (const start of ['\n\n', '\r\n', '\uFEFF\n']) {
    const { rows, rejects } = await read(`${start}a,b\n${value},2\n\n3\n`);
    expect(rows).toEqual([{ a: value.replaceAll('"', ''), b: '2' }]);
    expect(rejects).toMatchObject([{ row: 2, raw: '3' }]);
  }
});

describe('columns that do not meet the contract stop the run', () => {
  test('a missing one, with the name that it may have now', async () => {
    await expect(read('a,bb\n1,2\n')).rejects.toMatchObject({
      name: 'SchemaMismatchError',
      problem: 'landing/things/one has no column "b", which the contract of "things" promises',
      received: ['a', 'bb'],
      allowed: ['a', 'b'],
      change: expect.stringContaining('"bb"'),
    });
  });

  test('all of them, where another delimiter parts them', async () => {
    await expect(read('a;"b"\n1;2\n')).rejects.toMatchObject({
      received: ['a;"b"'],
      change: 'its header is parted by ";": give the source this delimiter, or send other files',
    });
  });

  test('twins', async () => {
    await expect(read('a,b,a\n1,2,3\n')).rejects.toMatchObject({
      name: 'SchemaMismatchError',
      problem: expect.stringContaining('"a" twice'),
    });
    await expect(read('a,b,B\n1,2,3\n')).rejects.toMatchObject({ name: 'SchemaMismatchError' });
  });

  test('an unknown one, where the contract refuses it', async () => {
    await expect(read('a,b,c\n1,2,3\n', { unknownColumns: 'reject' })).rejects.toMatchObject({
      name: 'SchemaMismatchError',
      problem: expect.stringContaining('"c"'),
    });
  });

  test('a header in another encoding, or none at all', async () => {
    await expect(read(Buffer.from('a,b\xe9\n1,2\n', 'latin1'))).rejects.toMatchObject({ name: 'InputMalformedError' });
    await expect(read(Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'))).rejects.toMatchObject({
      name: 'InputMalformedError',
    });
    await expect(read('x'.repeat(3_000_000))).rejects.toMatchObject({ name: 'InputMalformedError' });
  });
});

test('names with quotes, spaces, unicode and reserved words stay what they are', async () => {
  const names = ['select', 'a "b"', "it's", 'größe', 'with space', 'constructor', 'a.b', '日本', '"', 'x;--'];
  const schema = z.object(Object.fromEntries(names.map((name) => [name, z.int().max(100)])));
  const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
  const reading = await read(
    `${header}\n${names.map((_, index) => index).join(',')}\n${names.map(() => 101).join(',')}\n`,
    { schema },
  );
  expect(reading.rows).toEqual([Object.fromEntries(names.map((name, index) => [name, String(index)]))]);
  expect(reading.rejects).toMatchObject([{ row: 2, rule: 'select <= 100' }]);
});

test('reads the same with DuckDB, which takes whole files only, and with the sifter, which takes any', async () => {
  const piece = fc.constantFrom(
    'a',
    '1',
    ',',
    ',',
    '"',
    '"',
    '\n',
    '\n',
    '\r',
    '\r\n',
    ' ',
    'é',
    '\0',
    '""',
    '\uFEFF',
    ';',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 24 }), async (pieces) => {
      const body = pieces.join('');
      const alone = await read(`a,b\n${body}`);
      // A quote that is not closed sends the whole file through the sifter.
      const sifted = await read(`a,b\n${body}\n1,"`);
      // Not so where it closes one that was open until then.
      fc.pre(!alone.rejects.some(({ reason }) => reason.includes('not closed')));
      expect(pairs(sifted)).toEqual(pairs(alone));
      expect(sifted.rejects.slice(0, -1)).toEqual(alone.rejects);
    }),
    { numRuns: runs({ some: 8, all: 60 }), seed: 20_261_121 },
  );
}, 60_000);

test('without a quote in the file, what DuckDB rejects by itself is what the sifter rejects', async () => {
  const bytes = (...codes: number[]) => Buffer.from(codes);
  const text = ['a', '1', ',', ',', ',', '\n', '\n', '\n', '\r', '\r\n', ' ', 'é', '\0', '\uFEFF', ';', '#', '\\'].map(
    (one) => Buffer.from(one),
  );
  const piece = fc.constantFrom(...text, bytes(0xff), bytes(0xc3), bytes(0x1a));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const body = Buffer.concat(pieces);
      const alone = await read(Buffer.concat([Buffer.from('a,b\n'), body]));
      // A quote that is not closed sends the whole file through the sifter.
      const sifted = await read(Buffer.concat([Buffer.from('a,b\n'), body, Buffer.from('\n1,"')]));
      expect(pairs(sifted)).toEqual(pairs(alone));
      expect(sifted.rejects.slice(0, -1)).toEqual(alone.rejects);
    }),
    { numRuns: runs({ some: 8, all: 15 }), seed: 20_261_121 },
  );
}, 60_000);
