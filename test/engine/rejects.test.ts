import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, decimal, derive, enrich, from, lake, map, pipeline, s3, union, validate } from '../../lib/index.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, rejectFiles, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const schema = z.object({ id: z.string(), n: z.int(), at: z.date() });
const csv = from(s3({ prefix: 'landing/things/', format: 'csv' }), schema);

async function rejectsOf(definition: ReturnType<typeof pipeline>, text: string, more: Record<string, any> = {}) {
  const things = [{ path: scratchFile('input-0', text), key: 'landing/things/a.csv', version: 'v1' }];
  const result = await run(await compiled(definition), { things, ...more });
  const [path] = rejectFiles(result);
  return path === undefined ? [] : query(`FROM '${path}' ORDER BY "row", node`);
}

const copying = pipeline('things', { outputs: [csv.to(lake({ table: 'things' }))] });

test('a reject names object, version, record and time', async () => {
  const [found] = await rejectsOf(copying, 'id,n,at\na,1,2001-01-01 10:00:00\nb,x,2001-01-01 10:00:00\n');
  expect(found).toMatchObject({
    file: 'landing/things/a.csv',
    version: 'v1',
    row: '2',
    stage: 'process',
    node: 'things',
    rule: 'n is BIGINT',
    column: 'n',
    value: 'x',
    reason: 'n: "x" is not a BIGINT',
    time: '2026-01-01 00:00:00+00',
  });
});

describe('the raw record of a reject', () => {
  test('holds all columns of a CSV file as they were written, those too that the contract leaves out', async () => {
    const [found] = await rejectsOf(copying, 'note,n,id,at\n"1,5",007x,,2001-01-01\n');
    expect(found).toMatchObject({ form: 'values', seen: null });
    expect(found!.raw).toBe('{"note":"1,5","n":"007x","id":null,"at":"2001-01-01"}');
  });

  test('is the text of a CSV record that cannot be parted, with the columns that it should have had', async () => {
    const [short, open] = await rejectsOf(copying, 'id,n,at\na,1\nb,"2,2001-01-01\n');
    expect(short).toMatchObject({ raw: 'a,1', form: 'text', names: '["id","n","at"]' });
    expect(open).toMatchObject({ raw: 'b,"2,2001-01-01', form: 'text' });
  });

  test('is the JSON text as it was sent', async () => {
    const source = from(s3({ prefix: 'landing/things/', format: 'ndjson' }), schema);
    const definition = pipeline('things', { outputs: [source.to(lake({ table: 'things' }))] });
    const line = '{"id":"a", "n":9007199254740993.0000000000000001,"at":"2001-01-01","more":[1]}';
    const [typed, broken] = await rejectsOf(definition, `${line}\n{"id":\n`);
    expect(typed).toMatchObject({ raw: line, form: 'json', names: null });
    expect(broken).toMatchObject({ raw: '{"id":', form: 'json' });
  });

  test('rounds nothing of a Parquet row', async () => {
    const path = scratchFile('input-0', '');
    await query(
      `COPY (SELECT 'a' AS id, 9007199254740993 AS n, 12345678901234567890.10::DECIMAL(38,2) AS d, 170141183460469231731687303715884105727::HUGEINT AS h, ` +
        `'nan'::DOUBLE AS f, [12345678901234567890.10::DECIMAL(30,2)] AS l, ['nan'::DOUBLE] AS m, [1.50::DECIMAL(30,2)] AS e) TO '${path}' (FORMAT parquet)`,
    );
    const source = from(
      s3({ prefix: 'landing/things/', format: 'parquet' }),
      z.object({ id: z.string().min(2), n: z.int() }),
    );
    const code = await compiled(pipeline('things', { outputs: [source.to(lake({ table: 'things' }))] }));
    const [file] = rejectFiles(await run(code, { things: [{ path, key: 'k' }] }));
    const [found] = await query(`FROM '${file}'`);
    const text = '"n":9007199254740993,"d":"12345678901234567890.10"';
    expect(found!.raw).toContain(`{"id":"a",${text}`);
    expect(found!.raw).toContain('"f":"nan","l":["12345678901234567890.10"],"m":["nan"],"e":[1.5]');
    expect(found).toMatchObject({ form: 'values', version: null });
  });

  test('is marked where it is cut, because it cannot be read again', async () => {
    const [found] = await rejectsOf(copying, `id,n,at\n${'a'.repeat(70_000)},x,2001-01-01\n`);
    expect(found!.raw).toHaveLength(65_536);
    expect(found!.form).toBeNull();
  });
});

test('lists and structures of a rejected row are what they were when it is replayed', async () => {
  const record = z.object({
    id: z.int(),
    tags: z.array(z.string()),
    at: z.object({ city: z.string(), n: z.bigint(), sums: z.array(decimal(38, 10)) }),
  });
  const source = from(s3({ prefix: 'landing/things/', format: 'ndjson' }), record);
  const strict = source.pipe(validate({ small: { column: 'id', holds: 'id < 5' } }));
  const line =
    '{"id":7,"tags":["a","b\\"c"],"at":{"city":"Bern","n":"9007199254740993","sums":["1234567890123456789.0000000001"]}}';
  const [found] = await rejectsOf(pipeline('things', { outputs: [strict.to(lake({ table: 'things' }))] }), `${line}\n`);
  expect(found!.raw).toBe(line);
  const path = scratchFile('input-0', '');
  await query(
    `COPY (SELECT 'r' AS run, 0 AS position, 'k' AS file, NULL::VARCHAR AS version, 1::BIGINT AS "row", '${found!.raw}' AS raw, 'values' AS form, NULL::VARCHAR AS names, '[]' AS tables) TO '${path}' (FORMAT parquet)`,
  );
  const code = await compiled(pipeline('things', { outputs: [source.to(lake({ table: 'things' }))] }));
  const result = await run(code, { things: [{ path, rejects: true }] });
  const [table] = tableFiles(result, 'things');
  const [row] = await query(`SELECT "at".sums::VARCHAR AS sums, "at".n::VARCHAR AS n, tags FROM '${table}' rows`);
  expect(row).toEqual({ sums: '[1234567890123456789.0000000001]', n: '9007199254740993', tags: ['a', 'b"c'] });
});

describe('a row that a later step rejects', () => {
  const places = from(s3({ key: 'reference/places.csv' }), z.object({ name: z.string() }));
  const side = { places: [{ path: scratchFile('input-0', 'name\na\n'), key: 'reference/places.csv' }] };

  test('keeps what its source had and what the step saw', async () => {
    const steps = csv.pipe(
      derive({ n: 'n + 1', id: 'upper(id)' }),
      validate({ small: { column: 'n', holds: 'n < 5' } }),
      enrich({ with: places, on: 'id = name', take: { place: 'name' }, unmatched: 'reject' }),
      map(z.object({ n: z.int() }), ({ n }) => ({ n })),
    );
    const definition = pipeline('things', { outputs: [steps.to(lake({ table: 'things' }))] });
    const [validated, unmatched] = await rejectsOf(
      definition,
      'id,n,at\na,8,2001-01-01\nb,1,2001-01-01 00:00:00\n',
      side,
    );
    expect(validated).toMatchObject({
      node: 'things.2-validate',
      raw: '{"id":"a","n":8,"at":"2001-01-01 00:00:00"}',
      form: 'values',
      seen: '{"id":"A","n":9,"at":"2001-01-01 00:00:00"}',
    });
    expect(unmatched).toMatchObject({ node: 'things.3-enrich', row: '2', form: 'values' });
    expect(JSON.parse(unmatched!.seen)).toMatchObject({ id: 'B', n: 2 });
  });

  test('is no record of a source whose other copy has gone to the same table on another way', async () => {
    const checked = csv.pipe(validate({ small: { column: 'n', holds: 'n < 5' } }));
    const both = checked.pipe(union({ with: csv.pipe(derive({ n: '-n' })) }));
    const text = 'id,n,at\na,3,2001-01-01\nb,8,2001-01-01\n';
    const [found] = await rejectsOf(pipeline('things', { outputs: [both.to(lake({ table: 'things' }))] }), text);
    expect(found).toMatchObject({ row: '2', form: null });
    const alone = pipeline('things', {
      outputs: [checked.to(lake({ table: 'small' })), csv.pipe(derive({ n: '-n' })).to(lake({ table: 'negative' }))],
    });
    expect(await rejectsOf(alone, text)).toMatchObject([{ row: '2', form: 'values', tables: '["small"]' }]);
  });

  test('is no record of a source where it stands for a group of rows', async () => {
    const sums = csv.pipe(
      aggregate({ by: ['id'], measures: { n: 'sum(n)' } }),
      validate({ small: { column: 'n', holds: 'n < 5' } }),
    );
    const definition = pipeline('things', { outputs: [sums.to(lake({ table: 'sums' }))] });
    const [found] = await rejectsOf(definition, 'id,n,at\na,3,2001-01-01\na,4,2001-01-01\n');
    expect(found).toMatchObject({ form: null, raw: '{"id":"a","n":"7"}', seen: '{"id":"a","n":"7"}' });
  });
});
