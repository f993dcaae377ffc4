import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { from, lake, pipeline, s3 } from '../../lib/index.ts';

const schema = z.object({ a: z.int() });

function made(options: Parameters<typeof s3>[0]) {
  return pipeline('reads', { outputs: [from(s3(options), schema).to(lake({ table: 'x' }))] }).nodes[0]!;
}

function problem(options: unknown) {
  try {
    made(options as never);
  } catch (error) {
    return (error as any).problems[0];
  }
  return undefined;
}

describe('the format', () => {
  test.each([
    ['landing/x.csv', 'csv'],
    ['landing/x.csv.gz', 'csv'],
    ['landing/x.ndjson', 'ndjson'],
    ['landing/x.jsonl.zst', 'ndjson'],
    ['landing/x.json', 'json'],
    ['landing/x.parquet', 'parquet'],
    ['reference/a.b/c.d.csv', 'csv'],
  ])('of %s is %s', (key, kind) => {
    const { options } = made({ key });
    expect(s3.source!.format(options as never)).toMatchObject({ kind });
  });

  test('is what it is told to be', () => {
    const { options } = made({ key: 'landing/x.txt', format: 'csv', delimiter: '\t', quote: "'", header: false });
    expect(s3.source!.format(options as never)).toEqual({ kind: 'csv', delimiter: '\t', quote: "'", header: false });
  });
});

describe('the objects', () => {
  test('are all below a prefix, or one', () => {
    expect(s3.source!.objects(made({ prefix: 'landing/x/', format: 'csv' }).options as never)).toEqual({
      prefix: 'landing/x/',
    });
    expect(s3.source!.objects(made({ key: 'landing/x.csv' }).options as never)).toEqual({ key: 'landing/x.csv' });
  });
});

test.each(['landing/../curated/', 'landing/x/../', 'landing/./x/', 'landing//x/'])(
  'refuses the prefix %s',
  (prefix) => {
    expect(problem({ prefix, format: 'csv' })).toMatchObject({ part: 'source s3 / prefix', received: prefix });
  },
);

test.each(['landing/.../x/', 'landing/.hidden/', 'landing/a..b/', 'landing/größe & more+/'])(
  'takes the prefix %s',
  (prefix) => {
    expect(problem({ prefix, format: 'csv' })).toBeUndefined();
  },
);

describe('refuses', () => {
  test.each<[string, unknown, object]>([
    ['neither prefix nor key', { format: 'csv' }, { problem: 'one of prefix and key says what is read' }],
    ['both', { prefix: 'landing/x/', key: 'landing/x.csv' }, { problem: 'one of prefix and key says what is read' }],
    [
      'a prefix that ends inside a name',
      { prefix: 'landing/x', format: 'csv' },
      { problem: 'prefix is not the name of a folder', received: 'landing/x' },
    ],
    ['another zone', { prefix: 'curated/x/', format: 'csv' }, { problem: expect.stringContaining('`landing/`') }],
    ['a prefix without a format', { prefix: 'landing/x/' }, { part: 'source s3 / format' }],
    ['a key of an unknown ending', { key: 'landing/x.txt' }, { part: 'source s3 / format' }],
    ['an unknown format', { key: 'landing/x.csv', format: 'xml' }, { part: 'source s3 / format', received: 'xml' }],
    ['a delimiter of two letters', { key: 'landing/x.csv', delimiter: '||' }, { part: 'source s3 / delimiter' }],
    ['a line end as delimiter', { key: 'landing/x.csv', delimiter: '\n' }, { part: 'source s3 / delimiter' }],
    ['a letter beyond ASCII as quote', { key: 'landing/x.csv', quote: '«' }, { part: 'source s3 / quote' }],
    [
      'a delimiter that is the quote',
      { key: 'landing/x.csv', delimiter: '"' },
      { part: 'source s3 / quote', problem: 'quote is the same as `delimiter`' },
    ],
    ['an unknown option', { key: 'landing/x.csv', bucket: 'x' }, { problem: 'there is no option "bucket"' }],
  ])('%s', (_, options, expected) => {
    expect(problem(options)).toMatchObject(expected);
  });
});
