import { readFileSync } from 'node:fs';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { derive, from, pipeline, s3, sort } from '../../lib/index.ts';
import { runs } from '../fixtures/depth.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, run } from '../fixtures/engine/in-process-run.ts';
import { readCsv } from '../fixtures/engine/rfc4180.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

type ExportOptions = Parameters<typeof s3>[0];

const record = z.object({ id: z.int(), text: z.string().nullable() });
type Row = z.infer<typeof record>;
const source = from(s3({ prefix: 'landing/rows/', format: 'ndjson' }), record);

/** What an export of these rows holds, file by file. */
async function exported(rows: readonly Row[], options: object, columns?: Readonly<Record<string, string>>) {
  const dataset = columns ? source.pipe(derive(columns)) : source;
  const sink = s3({ prefix: 'exports/rows/', ...options } as ExportOptions);
  const code = await compiled(pipeline('rows', { outputs: [dataset.to(sink)] }));
  const path = scratchFile('rows.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'));
  const { files } = await run(code, { rows: [{ path }] });
  return files.map((file) => ({ ...file, content: readFileSync(file.path) }));
}

async function csv(rows: readonly Row[], options: object = {}, columns?: Readonly<Record<string, string>>) {
  const [file] = await exported(rows, { format: 'csv', ...options }, columns);
  return file!.content.toString();
}

const one: Row = { id: 9007199254740991, text: 'a,"b"' };
/** A value of every type, beyond what a double holds where there is more. */
const types = {
  big: '9007199254740993::BIGINT',
  money: '12345678901234567890.123::DECIMAL(38,3)',
  moment: "TIMESTAMP '2026-01-02 03:04:05.678901'",
  zoned: "TIMESTAMPTZ '2026-01-02 03:04:05.5+02'",
  day: "DATE '2026-01-02'",
  clock: "TIME '03:04:05.000001'",
  ratio: '0.1::DOUBLE + 0.2',
  none: "'nan'::DOUBLE",
  bytes: "'\\x00=a'::BLOB",
  list: '[9007199254740993, NULL]',
  tree: "{'at': TIMESTAMP '2026-01-02', 'prices': [1.50::DECIMAL(10,2)], 'low': '-inf'::DOUBLE}",
  flag: 'true',
};

test('CSV keeps every value exactly, nested ones as JSON', async () => {
  const [header, cells] = readCsv(await csv([one], {}, types));
  const held = Object.fromEntries(header!.map(({ text }, index) => [text, cells![index]!.text]));
  expect(held).toEqual({
    id: '9007199254740991',
    text: 'a,"b"',
    big: '9007199254740993',
    money: '12345678901234567890.123',
    moment: '2026-01-02T03:04:05.678901',
    zoned: '2026-01-02T01:04:05.5Z',
    day: '2026-01-02',
    clock: '03:04:05.000001',
    ratio: '0.30000000000000004',
    none: 'nan',
    bytes: 'AD1h',
    list: '[9007199254740993,null]',
    tree: '{"at":"2026-01-02T00:00:00","prices":[1.5],"low":"-Infinity"}',
    flag: 'true',
  });
});

test.each(['ndjson', 'json'])(
  '%s keeps every digit, and has a text for what JSON has no number for',
  async (format) => {
    const [file] = await exported([one], { format }, types);
    const text = file!.content.toString();
    expect(text).toContain('"big":9007199254740993,"money":12345678901234567890.123,');
    expect(JSON.parse(text)).toEqual(
      (format === 'json' ? (row: object) => [row] : (row: object) => row)({
        id: 9007199254740991,
        text: 'a,"b"',
        big: expect.any(Number),
        money: expect.any(Number),
        moment: '2026-01-02T03:04:05.678901',
        zoned: '2026-01-02T01:04:05.5Z',
        day: '2026-01-02',
        clock: '03:04:05.000001',
        ratio: 0.30000000000000004,
        none: 'NaN',
        bytes: 'AD1h',
        list: [expect.any(Number), null],
        tree: { at: '2026-01-02T00:00:00', prices: [1.5], low: '-Infinity' },
        flag: true,
      }),
    );
  },
);

test.each(['number', 'text'])(
  'a decimal that is all fraction has a 0 in front of its point, as %s',
  async (longNumbers) => {
    const fractions = {
      small: "'-.05'::DECIMAL(5,5)",
      wide: "['.1234567890123456789'::DECIMAL(19,19), NULL]",
      widest: "{'of': '-.99999999999999999999999999999999999999'::DECIMAL(38,38)}",
    };
    const [file] = await exported([one], { format: 'ndjson', longNumbers }, fractions);
    const text = file!.content.toString();
    expect(text).toContain(longNumbers === 'text' ? '["0.1234567890123456789",null]' : '[0.1234567890123456789,null]');
    const { small, widest } = JSON.parse(text);
    expect(Number(small)).toBe(-0.05);
    expect(widest).toEqual({ of: '-0.99999999999999999999999999999999999999' });
    const [, cells] = readCsv(await csv([one], {}, fractions));
    expect(JSON.parse(cells!.at(-1)!.text)).toEqual(widest);
  },
);

test('longNumbers: text keeps them from readers that know doubles only, at every depth', async () => {
  const [file] = await exported([one], { format: 'ndjson', longNumbers: 'text' }, types);
  expect(JSON.parse(file!.content.toString())).toMatchObject({
    id: '9007199254740991',
    big: '9007199254740993',
    money: '12345678901234567890.123',
    list: ['9007199254740993', null],
    tree: { prices: ['1.50'] },
    ratio: 0.30000000000000004,
  });
});

test('no value is an empty cell, and an empty text is one in quotes', async () => {
  const rows = [
    { id: 1, text: null },
    { id: 2, text: '' },
  ];
  expect(await csv(rows)).toBe('id,text\n1,\n2,""\n');
  expect(await csv([...rows, { id: 3, text: 'NULL' }], { nullText: 'NULL' })).toBe('id,text\n1,NULL\n2,\n3,"NULL"\n');
});

test('CSV can have another delimiter, no header and the line ends of RFC 4180', async () => {
  const rows = [{ id: 1, text: 'a;b\nc' }];
  expect(await csv(rows, { delimiter: ';', header: false, lineEnd: 'crlf' })).toBe('1;"a;b\nc"\r\n');
});

test('text that a spreadsheet would compute is neutralised, and numbers stay', async () => {
  const hostile = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1', "'=1", 'a=1', '', null];
  const rows = hostile.map((text) => ({ id: -5, text }));
  const content = await csv(rows, { neutraliseFormulas: true }, { '=cmd': "'\\x2B'::BLOB" });
  const [header, ...lines] = readCsv(content);
  expect(header!.map(({ text }) => text)).toEqual(['id', 'text', "'=cmd"]);
  expect(lines.map(([, cell]) => cell!.text)).toEqual([
    ...["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "'＝1", "''=1", 'a=1', '', ''],
  ]);
  expect(new Set(lines.map(([id]) => id!.text))).toEqual(new Set(['-5']));
  expect(readCsv(await csv(rows))[1]![1]!.text).toBe('=1+1');
});

test('CSV and NDJSON give back any text, and neutralised text is told from what looked like it', async () => {
  const texts = fc.array(
    fc.option(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 8 }),
        fc.string({ unit: fc.constantFrom(...`='"+-@,;\t\r\n \\x0`), maxLength: 6 }),
      ),
    ),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(texts, fc.boolean(), async (values, neutraliseFormulas) => {
      const rows = values.map((text, id) => ({ id, text: text?.replaceAll('\0', '') ?? null }));
      const content = await csv(rows, { neutraliseFormulas, sortBy: ['id'] });
      const read = readCsv(content).slice(1);
      const back = read.map(([id, { text, quoted } = { text: '', quoted: false }]) => {
        const plain = neutraliseFormulas && /^'+[=+@\t\r\n＝＋－＠-]/.test(text) ? text.slice(1) : text;
        return { id: Number(id!.text), text: text === '' && !quoted ? null : plain };
      });
      expect(back).toEqual(rows);
      const path = scratchFile('back.csv', content);
      const byDuckdb = await query(
        `SELECT count(*) AS n FROM read_csv('${path}', header = true, delim = ',', quote = '"', escape = '"', all_varchar = true, auto_detect = false, columns = {id: 'VARCHAR', text: 'VARCHAR'})`,
      );
      expect(Number(byDuckdb[0]!.n)).toBe(rows.length);
      const [lines] = await exported(rows, { format: 'ndjson', sortBy: ['id'] });
      expect(
        lines!.content
          .toString()
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toEqual(rows);
    }),
    { numRuns: runs({ some: 4, all: 30 }) },
  );
});

test.each([
  ['gzip', '.csv.gz', gunzipSync],
  ['zstd', '.csv.zst', zstdDecompressSync],
] as const)('%s packs a file and shows in its name', async (compression, ending, unpack) => {
  const [file] = await exported([one], { format: 'csv', compression });
  expect(file!.name.endsWith(`000000${ending}`)).toBe(true);
  expect(unpack(file!.content).toString()).toBe('id,text\n9007199254740991,"a,""b"""\n');
});

test.each([
  ['csv', 'id,text\n'],
  ['ndjson', ''],
])('a run without rows leaves an empty file: %s', async (format, content) => {
  const [file, ...others] = await exported([], { format });
  expect([file!.content.toString(), file!.rows, others]).toEqual([content, 0, []]);
});

test('a JSON file without rows is an empty array', async () => {
  const [file] = await exported([], { format: 'json' });
  expect(JSON.parse(file!.content.toString())).toEqual([]);
});

test('files of one folder for each partition hold the rows of it', async () => {
  const rows = [1, 2, 3, 4].map((id) => ({ id, text: id % 2 ? 'odd' : 'a/b' }));
  const files = await exported(rows, { format: 'json', partitionBy: ['text', { half: 'id > 2' }], sortBy: ['id'] });
  expect(files.map(({ name, content }) => [name, JSON.parse(content.toString())])).toEqual([
    ['text=a%2Fb/half=false/process-000000.json', [{ id: 2, text: 'a/b', half: false }]],
    ['text=a%2Fb/half=true/process-000000.json', [{ id: 4, text: 'a/b', half: true }]],
    ['text=odd/half=false/process-000000.json', [{ id: 1, text: 'odd', half: false }]],
    ['text=odd/half=true/process-000000.json', [{ id: 3, text: 'odd', half: true }]],
  ]);
});

test('more text than a file should hold goes to several, in order, without a row lost', async () => {
  const rows = Array.from({ length: 3000 }, (_, id) => ({ id, text: `${'x'.repeat(1000)}${id}` }));
  const files = await exported(rows, {
    format: 'csv',
    fileBytes: 1024 * 1024,
    sortBy: [{ column: 'id', descending: true }],
  });
  expect(files.map(({ name }) => name)).toEqual([1, 2, 3].map((part) => `process-000000-${part}-of-3.csv`));
  const ids = files.flatMap(({ content }) =>
    readCsv(content.toString())
      .slice(1)
      .map(([id]) => Number(id!.text)),
  );
  expect(ids).toEqual(rows.map(({ id }) => id).reverse());
  for (const { bytes } of files) expect(bytes).toBeLessThan(1.2 * 1024 * 1024);
});

test('a run in many chunks writes the rows of one, in the order of a sort step, under folders of an expression', async () => {
  const rows = Array.from({ length: 60 }, (_, id) => ({ id: (id * 37) % 60, text: id % 7 ? `t${id % 5}` : null }));
  const dataset = source.pipe(sort({ order: ['text', 'id'] }));
  const sink = s3({ prefix: 'exports/rows/', format: 'ndjson', partitionBy: [{ third: 'id % 3' }] });
  const code = await compiled(pipeline('rows', { outputs: [dataset.to(sink)] }));
  const paths = [0, 20, 40].map((from) =>
    scratchFile(
      'rows',
      rows
        .slice(from, from + 20)
        .map((row) => JSON.stringify(row))
        .join('\n'),
    ),
  );
  const inputs = { rows: paths.map((path) => ({ path })) };
  const folders = async (chunks?: readonly (readonly number[])[]) => {
    const { files } = await run(code, inputs, chunks && { chunks });
    const tables = files.filter(({ kind }) => kind === 'table').sort((a, b) => (a.name < b.name ? -1 : 1));
    const byFolder = Map.groupBy(tables, ({ name }) => name.split('/')[0]!);
    const lines = (own: typeof tables) => own.map(({ path }) => readFileSync(path, 'utf8')).join('');
    return Object.fromEntries([...byFolder].map(([folder, own]) => [folder, lines(own)]));
  };
  const whole = await folders();
  expect(Object.keys(whole).sort()).toEqual(['third=0', 'third=1', 'third=2']);
  expect(await folders([[0], [1], [2]])).toEqual(whole);
});
