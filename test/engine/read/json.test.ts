import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { decimal } from '../../../lib/index.ts';
import type { Reading, ReadingOptions } from '../../fixtures/engine/read-file.ts';
import { recordReader } from '../../fixtures/engine/read-records.ts';

const readRecords = recordReader();
const one = z.object({ a: z.string().nullable() });

function array(content: string | Uint8Array, options: Partial<ReadingOptions> = {}): Promise<Reading> {
  return readRecords(content, { format: 'json', schema: one, ...options });
}

function lines(content: string | Uint8Array, options: Partial<ReadingOptions> = {}): Promise<Reading> {
  return readRecords(content, { format: 'ndjson', schema: one, ...options });
}

const values = ({ rows }: Reading) => rows.map(({ a }) => a);
const bad = ({ rejects }: Reading) => rejects.map(({ row, rule }) => [row, rule]);

describe('NDJSON', () => {
  test('a line cut short costs itself and no other', async () => {
    const reading = await lines('{"a":"1"}\n{"a":"2\n{"a":"3"}\n{"a":"4"}');
    expect(values(reading)).toEqual(['1', '3', '4']);
    expect(reading.rejects).toEqual([
      { row: 2, rule: 'record is JSON', reason: 'record: "{"a":"2" is not JSON', raw: '{"a":"2' },
    ]);
  });

  test('a line with the character that parts columns within costs itself and no other', async () => {
    const reading = await lines('{"a":"1"}\n{"a":"2\x013"}\n{"a":"4"}\n\x01\n');
    expect(values(reading)).toEqual(['1', '4']);
    const reason = 'the record holds U+0001, which no JSON text may';
    expect(reading.rejects).toEqual([
      { row: 2, rule: 'record is readable', reason, raw: '{"a":"2\x013"}' },
      { row: 4, rule: 'record is readable', reason, raw: '\x01' },
    ]);
    expect(values(await array('[{"a":"1"},{"a":"2\x013"},{"a":"4"}]'))).toEqual(['1', '4']);
  });

  test('elements that are no objects are rejected', async () => {
    const reading = await lines('{"a":"1"}\n[1]\n"x"\n7\nnull\ntrue\n');
    expect([values(reading), bad(reading)]).toEqual([
      ['1'],
      [2, 3, 4, 5, 6].map((row) => [row, 'record is an object']),
    ]);
  });

  test('objects without a member are records that lack what they must have', async () => {
    expect(values(await lines('{}\n{}\n'))).toEqual([null, null]);
    const reading = await lines('{}\n', { schema: z.object({ a: z.string() }) });
    expect([values(reading), reading.rejects]).toMatchObject([[], [{ row: 1, reason: 'a: is missing', raw: '{}' }]]);
  });

  test('blank lines are no records but have a number', async () => {
    const reading = await lines('\n{"a":"1"}\n \t\r\n\nx\n');
    expect([values(reading), reading.rowsIn, bad(reading)]).toEqual([['1'], 2, [[5, 'record is JSON']]]);
  });

  test('a carriage return within a line is a blank between values, and none in text', async () => {
    const reading = await lines(
      '{"a":"1"}\r\n{"a":\r"2"}\n{"a":"3"}\r{"a":"4"}\n{"a":"5\r"}\n{"a":"6"}\r\r\n\r\n{"a":"7"}\r',
    );
    expect([values(reading), bad(reading)]).toEqual([
      ['1', '2', '6', '7'],
      [
        [3, 'record is JSON'],
        [4, 'record is JSON'],
      ],
    ]);
    const latin = await lines(Buffer.from('{"a":"1"}\r{"a":"2"}\n{"a":"\xe9"}\n{"a":"3"}\n', 'latin1'));
    expect([values(latin), bad(latin).length]).toEqual([['3'], 2]);
  });

  test('a line in another encoding is rejected', async () => {
    const reading = await lines(Buffer.from('{"a":"1"}\n{"a":"\xe9"}\n{"a":"3"}\n', 'latin1'));
    expect([values(reading), reading.rejects]).toMatchObject([
      ['1', '3'],
      [{ row: 2, reason: 'the record is not UTF-8 text', raw: '{"a":"\uFFFD"}' }],
    ]);
  });

  test('a line longer than 16 MB is rejected', async () => {
    const reading = await lines(`{"a":"1"}\n{"a":"${'x'.repeat(18_000_000)}"}\n{"a":"3"}\n`);
    expect([values(reading), reading.rejects[0]?.reason]).toEqual([
      ['1', '3'],
      'the record is longer than 16777216 bytes',
    ]);
  });

  test('line ends of both kinds and a byte order mark are fine', async () => {
    expect(values(await lines('\uFEFF{"a":"1"}\r\n{"a":"2"}\n'))).toEqual(['1', '2']);
  });

  test('a key that a record names twice is rejected, as one of the values would be lost', async () => {
    const reading = await lines('{"a":"1"}\n{"a":"2","a":"3"}\n{"b":1,"a":"4","b":2}\n');
    expect([values(reading), bad(reading)]).toEqual([
      ['1'],
      [
        [2, 'keys are unique'],
        [3, 'keys are unique'],
      ],
    ]);
  });

  test('keys that mean something to JavaScript are plain data', async () => {
    const schema = z.object({ constructor: z.string(), toString: z.int() } as never);
    const reading = await lines('{"__proto__":{"x":1},"constructor":"c","toString":2}\n', { schema });
    expect(reading.rows).toEqual([{ constructor: 'c', toString: '2' }]);
  });

  test('keys differ by their case', async () => {
    expect(values(await lines('{"A":"1","a":"2"}\n{"A":"3"}\n'))).toEqual(['2', null]);
  });

  test('names with slashes, tildes, quotes and dots are found', async () => {
    const names = ['a/b', 'a~b', 'a"b', 'a.b', "a'b", '$', ''].filter((name) => name !== '');
    const schema = z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
    const row = Object.fromEntries(names.map((name) => [name, `${name} 1.25`]));
    // The long number makes the reader look at the digits of every text.
    const reading = await lines(`${JSON.stringify({ ...row, long: '12345678901234567' })}\n`, { schema });
    expect(reading.rows).toEqual([row]);
  });

  test('an unknown key stops the run where the contract refuses it', async () => {
    await expect(lines('{"a":"1"}\n{"a":"1","b":2}\n', { unknownColumns: 'reject' })).rejects.toMatchObject({
      name: 'SchemaMismatchError',
      problem: 'landing/things/one has a key "b" that the contract of "things" does not know',
    });
  });
});

describe('JSON arrays', () => {
  test('a malformed element costs itself and no other', async () => {
    const reading = await array('[{"a":"1"},\n {"a": 2 3},\n {"a":"3"}, {"a":tru}, {"a":"5"}]');
    expect([values(reading), bad(reading)]).toEqual([
      ['1', '3', '5'],
      [
        [2, 'record is JSON'],
        [4, 'record is JSON'],
      ],
    ]);
  });

  test('a missing element and a trailing comma are rejected', async () => {
    expect(bad(await array('[{"a":"1"},,{"a":"2"}]'))).toEqual([[2, 'record is JSON']]);
    expect(bad(await array('[{"a":"1"},]'))).toEqual([[2, 'record is JSON']]);
    expect(bad(await array('[,]'))).toEqual([
      [1, 'record is JSON'],
      [2, 'record is JSON'],
    ]);
  });

  test('elements without a comma between them are rejected', async () => {
    expect(bad(await array('[{"a":"1"} {"a":"2"},{"a":"3"}]'))).toEqual([[1, 'record is JSON']]);
  });

  test('a bare line end inside a string is not repaired', async () => {
    expect(bad(await array('[{"a":"x\ny"},{"a":"z"}]'))).toEqual([[1, 'record is JSON']]);
  });

  test('strings may hold brackets, commas, quotes and escapes', async () => {
    const texts = ['[', ']', '},{', ',', '"', '\\', '\\"', '\n', '\u0000', '😀', '\u2028'];
    expect(
      values(
        await array(
          JSON.stringify(
            texts.map((a) => ({ a })),
            undefined,
            1,
          ),
        ),
      ),
    ).toEqual(texts);
  });

  test.each([
    ['[]', 0],
    [' [ ] ', 0],
    ['\uFEFF[{"a":"1"}]\n', 1],
    ['[{"a":"1"},\r\n\t{"a":"2"}]', 2],
  ])('reads %j', async (content, rows) => {
    expect(await array(content)).toMatchObject({ rowsIn: rows, rejects: [] });
  });

  test.each([
    ['cut short between elements', '[{"a":"1"},'],
    ['cut short inside an element', '[{"a":"1"},{"a'],
    ['empty', ''],
    ['an object', '{"a":"1"}'],
    ['followed by something', '[{"a":"1"}] x'],
    ['not text', Buffer.from([0xff, 0xfe, 0x5b, 0x00])],
  ])('a file that is %s is refused whole', async (_, content) => {
    await expect(array(content)).rejects.toMatchObject({
      name: 'InputMalformedError',
      problem: expect.stringContaining('landing/things/one is not a JSON array'),
    });
  });

  test('an element longer than 16 MB is refused', async () => {
    await expect(array(`[{"a":"${'x'.repeat(18_000_000)}"}]`)).rejects.toMatchObject({ name: 'InputMalformedError' });
  });

  test('elements nested a thousand deep are data like any other', async () => {
    const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
    expect(values(await array(`[{"a":${deep}},{"a":"2"}]`))).toEqual([deep, '2']);
  });
});

describe('values keep their digits', () => {
  test('integers of any length, as integers and as text', async () => {
    const schema = z.object({ a: z.string(), b: z.bigint() });
    const long = '12345678901234567890123456789';
    const reading = await lines(`{"a":${long},"b":${long}}\n{"a":9007199254740993,"b":9007199254740993}\n`, { schema });
    expect(reading.rows).toEqual([
      { a: long, b: long },
      { a: '9007199254740993', b: '9007199254740993' },
    ]);
  });

  test('a number with more digits than can be read is rejected as text', async () => {
    const reading = await lines(
      '{"a":1.5}\n{"a":0.1234567890123456789}\n{"a":0.1000000000000000055}\n{"a":"0.1234567890123456789"}\n',
    );
    expect(values(reading)).toEqual(['1.5', '0.1234567890123456789']);
    expect(bad(reading)).toEqual([
      [2, 'a keeps its digits'],
      [3, 'a keeps its digits'],
    ]);
  });

  test('a number that is written otherwise than DuckDB prints it has lost nothing', async () => {
    const reading = await lines(
      '{"a":0.0000997788185410981}\n{"a":1234567890123456789.0}\n{"a":12.50000000000000000}\n',
    );
    expect(values(reading)).toEqual(['9.97788185410981e-05', '12.5']);
    expect(bad(reading)).toEqual([[2, 'a keeps its digits']]);
  });

  test('no number that a type has no room for, wherever it stands', async () => {
    const schema = z.object({
      price: decimal(12, 2),
      size: z.number(),
      sizes: z.array(z.number()),
      place: z.object({ height: z.number().nullable() }),
    });
    const record = (values: object) => {
      const all = { price: '1.5', size: '1.5', sizes: '[1.5]', place: '{"height":1.5}', ...values };
      return `{${Object.entries(all)
        .map(([name, value]) => `"${name}":${value}`)
        .join(',')}}`;
    };
    const unfit = ['1e400', '-1.8e308', '1e-400', '-1E-324', `0.${'0'.repeat(400)}1`];
    const text = [
      record({ price: '0.0', size: '0.0', sizes: '[0, 0.0, 0e-400]', place: '{"height":0}' }),
      record({ size: '1e-300', sizes: '[1e-300]', place: '{"height":null}' }),
      ...unfit.map((size) => record({ size })),
      ...unfit.map((price) => record({ price })),
      ...unfit.map((one) => record({ sizes: `[1.5,${one}]` })),
      ...unfit.map((height) => record({ place: `{"height":${height}}` })),
    ].join('\n');
    const { rows, rejects } = await lines(text, { schema });
    expect(rows).toMatchObject([
      { price: '0.00', size: 0, sizes: [0, 0, 0], place: { height: 0 } },
      { size: 1e-300, sizes: [1e-300], place: { height: null } },
    ]);
    const told = ['size', 'price', 'sizes', 'place'].flatMap((column) => unfit.map(() => column));
    expect(rejects.map(({ rule }) => rule.split(' ')[0])).toEqual(told);
  });

  test('decimals, however they are written and wherever they stand', async () => {
    const amounts = z.object({ sums: z.array(decimal(30, 5)), note: z.string() });
    const schema = z.object({ price: decimal(38, 12), more: amounts, note: z.string() });
    const record = (price: string, sum = '1') =>
      `{"more": {"sums":[${sum}, 2],"note":"price: 1.00000000000000001, \\"2.00000000000000001"},"note":"\\"price\\":1.00000000000000001","price":${price}}`;
    const texts = ['12345678901234.123456789012', '99999999999999999999999999.999999999999', '1.000000000001', '1e-12'];
    const text = [
      ...texts.map((price) => record(price)),
      record('-0.000000000001'),
      record('1', '123456789012345678901234.12345'),
      record('1.0000000000000000'),
      record('1.0000000000000001'),
      record('1.5e-12'),
      record('1', '1.0000000000000001'),
    ].join('\n');
    const { rows, rejects } = await lines(text, { schema });
    expect(rows.map(({ price }) => price)).toEqual([
      ...texts.slice(0, 3),
      '0.000000000001',
      '-0.000000000001',
      '1.000000000000',
      '1.000000000000',
    ]);
    expect(rows[5]!.more).toEqual({
      sums: ['123456789012345678901234.12345', '2.00000'],
      note: 'price: 1.00000000000000001, "2.00000000000000001',
    });
    expect(rows[0]!.note).toBe('"price":1.00000000000000001');
    expect(rejects.map(({ row, rule }) => [row, rule.slice(0, 8)])).toEqual([
      [8, 'price is'],
      [9, 'price is'],
      [10, 'more is '],
    ]);
    expect(rejects[0]!.reason).toBe('price: "1.0000000000000001" is not a DECIMAL(38,12)');
  });

  test('other types in a text field are kept as JSON writes them', async () => {
    expect(values(await lines('{"a":12}\n{"a":true}\n{"a":[1,"x"]}\n{"a":{"b":null}}\n{"a":null}\n{}\n'))).toEqual([
      '12',
      'true',
      '[1,"x"]',
      '{"b":null}',
      null,
      null,
    ]);
  });
});
