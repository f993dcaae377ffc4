import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { planContract } from '../../lib/component/contract.ts';
import { readOdcs } from '../../lib/definition/odcs/read-odcs.ts';
import { from, lake, odcs, pipeline, s3, unique } from '../../lib/index.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, rejectFiles, run } from '../fixtures/engine/in-process-run.ts';
import { withLongDecimals } from '../fixtures/engine/long-decimals.ts';
import { TestProject } from './project.ts';

const csv = `order_id;zip;price;at;day;paid;email;note;empty
1;00123;1.5;2024-01-02T03:04:05Z;2024-01-02;true;a@example.com;"x; y";
2;04567;20;2024-01-02T03:04:06Z;2024-01-03;false;b@example.com;;
3;99999;3.25;2024-01-02T03:04:07+02:00;2024-01-04;true;c@example.com;*/ alert;
`;
const records = [
  { id: '9007199254740993', tags: ['a'], place: { city: 'Rome' }, n: 1, when: '10:30', __proto: 1 },
  { id: '9007199254740994', tags: [], n: 2.5, when: '11:30', __proto: 2 },
];

const project = new TestProject({ 'orders.csv': csv, 'pipelines/none.txt': '' });
const write = (name: string, bytes: string | Buffer) => project.write(name, bytes as string);
write('orders.csv.gz', gzipSync(csv));
write('records.json', JSON.stringify(records));
write('records.ndjson.zst', zstdCompressSync(records.map((one) => JSON.stringify(one)).join('\n')));
afterAll(() => project.remove());

const fieldsOf = async (text: string, name: string) => {
  const file = project.write(`${name}.ts`, text);
  const module = await import(pathToFileURL(file).href);
  return planContract(Object.values<any>(module)[0], name);
};

describe('of CSV', () => {
  it('finds types, what is missing, formats and the key, and keeps codes as text', async () => {
    const { inferred, contract } = await project.json('infer', 'orders.csv');
    expect(inferred).toMatchObject({ format: 'csv', delimiter: ';', rows: 3, key: 'order_id' });
    expect(inferred.columns.map(({ name, type, nullable, format }: any) => [name, type, nullable, format])).toEqual([
      ['order_id', 'BIGINT', false, undefined],
      ['zip', 'VARCHAR', false, undefined],
      ['price', 'DOUBLE', false, undefined],
      ['at', 'TIMESTAMP', false, undefined],
      ['day', 'DATE', false, undefined],
      ['paid', 'BOOLEAN', false, undefined],
      ['email', 'VARCHAR', false, 'email'],
      ['note', 'VARCHAR', true, undefined],
      ['empty', 'VARCHAR', true, undefined],
    ]);
    expect(contract).toContain('  /** 3 values, all different, 1 to 3 */\n    order_id: z.int(),');
    expect(contract).toContain('1 missing (33.3 %)');
    expect(contract).toContain('3 rows of csv with the delimiter ";".');
    expect(contract).toContain("{ name: 'orders', keys: [['order_id']] }");
  });

  it('keeps telephone numbers as text, leaves out columns without a name, and tells of a header that looks like a row', async () => {
    project.write('calls.csv', 'phone,change,,select\n+4912345678,+5,x,1\n+4987654321,-7,y,2\n');
    const { inferred, contract } = await project.json('infer', 'calls.csv');
    expect(inferred.columns.map(({ name, type }: any) => [name, type])).toEqual([
      ['phone', 'VARCHAR'],
      ['change', 'BIGINT'],
      ['select', 'BIGINT'],
    ]);
    expect(contract).not.toContain('header: false');
    project.write('bare.csv', '1,2024-01-02,3.5\n2,2024-01-03,4.5\n');
    expect((await project.json('infer', 'bare.csv')).contract).toContain('and the source `header: false`');
  });

  it('tells how texts say days and times, and where the values leave that open', async () => {
    project.write(
      'said.csv',
      'sold,seen,made,version,none\n29.02.2024,2024/01/31 23:59,03/04/2001,1.2.24,\n1.3.2024,,04/05/2001,2.3.24,\n',
    );
    const { inferred, contract } = await project.json('infer', 'said.csv');
    expect(inferred.columns.map(({ times }: any) => times)).toEqual([
      ['%d.%m.%Y'],
      ['%Y/%m/%d %H:%M'],
      ['%d/%m/%Y', '%m/%d/%Y'],
      undefined,
      undefined,
    ]);
    expect(contract).toContain('times like %d/%m/%Y or %m/%d/%Y, which cast reads by that format');
  });

  it.each(['package', 'new', 'z', 'contract'])(
    'writes a module that can be imported for a file named %s',
    async (name) => {
      project.write(`${name}.csv`, 'a\n1\n');
      const { contract } = await project.json('infer', `${name}.csv`);
      expect(contract).toContain(`export const ${name}Rows = contract(`);
      expect((await fieldsOf(contract, `of-${name}`)).name).toBe(name);
    },
  );

  it('says the same in TypeScript and as ODCS, packed or not', async () => {
    const [typescript, odcs] = [
      (await project.run('infer', 'orders.csv.gz')).out,
      (await project.run('infer', 'orders.csv', '--as', 'odcs')).out,
    ];
    const plan = await fieldsOf(typescript, 'orders');
    const { record, problems } = readOdcs(odcs, 'orders.yaml');
    expect(problems).toEqual([]);
    expect(record).toMatchObject({ fields: plan.fields, keys: plan.keys, version: '1.0.0' });
  });

  it('takes a column for what nearly all of its values are, and tells of the others', async () => {
    project.write('dirty.csv', `n\n${Array.from({ length: 99 }, (_, n) => `${n}\n`).join('')}x\n`);
    const { inferred, contract } = await project.json('infer', 'dirty.csv');
    expect(inferred.columns[0]).toMatchObject({ type: 'BIGINT', strange: 1 });
    expect(contract).toContain('1 is no BIGINT: such rows are rejected');
    const strict = await project.json('infer', 'dirty.csv', '--tolerance', '0');
    expect(strict.inferred.columns[0]).toMatchObject({ type: 'VARCHAR' });
  });

  it('keeps decimals that a DOUBLE would round, and integers beyond 64 bits', async () => {
    project.write('exact.csv', 'd,i\n1234567890123.123456,123456789012345678901234567890\n1.5,2\n');
    const { inferred, contract } = await project.json('infer', 'exact.csv');
    expect(inferred.columns.map(({ type }: any) => type)).toEqual(['DECIMAL(19,6)', 'HUGEINT']);
    const { fields } = await fieldsOf(contract, 'exact');
    expect(fields.map(({ type }) => type)).toEqual(['DECIMAL(19,6)', 'HUGEINT']);
  });
});

describe('of records that a run rejects or reads its own way', () => {
  it('takes lines that end in several ways, in quotes too', async () => {
    project.write('ends.csv', '\uFEFFid,"no""te"\r\n1,"a\r\nb"\r\n2,c\n3,d\r');
    const { inferred } = await project.json('infer', 'ends.csv');
    expect(inferred).toMatchObject({ rows: 3, key: 'id' });
    expect(inferred.unreadable).toBeUndefined();
    expect(inferred.columns.map(({ name }: any) => name)).toEqual(['id', 'no"te']);
  });

  it('counts records of CSV that cannot be read', async () => {
    project.write('ragged.csv', 'a,b\n1,2\n3\n4,5,6\n7,"8" 9\n');
    const { inferred, contract } = await project.json('infer', 'ragged.csv');
    expect(inferred).toMatchObject({
      rows: 1,
      unreadable: { records: 3, first: { record: 2, problem: 'has 1 field, not 2' } },
    });
    expect(contract).toContain('1 row of csv. 3 records cannot be read and are rejected: record 2, the first of them,');
  });

  it('counts lines that are no JSON, no object, or name a key twice', async () => {
    project.write('lines.ndjson', '{"a":1}\n{"a":\n\n[1]\n{"a":1,"a":2}\n');
    const { inferred } = await project.json('infer', 'lines.ndjson');
    expect(inferred).toMatchObject({
      rows: 1,
      unreadable: { records: 3, first: { record: 2, problem: 'is not JSON' } },
    });
  });

  it('refuses a file of which no record can be read, and a header with twins', async () => {
    write('latin.csv', Buffer.from('a,b\n1,caf\xe9\n', 'latin1'));
    expect((await project.run('infer', 'latin.csv')).err).toContain('1 that cannot; record 1 is not UTF-8 text');
    project.write('twins.csv', 'a,b,A\n1,2,3\n');
    expect((await project.run('infer', 'twins.csv')).err).toContain('names the column "A" twice');
  });

  it('says of a damaged file what helps here: no run waits for it to be sent again', async () => {
    project.write('object.json', '{"type":"FeatureCollection","features":[]}');
    const { err } = await project.run('infer', 'object.json', '--format', 'json');
    expect(err).toContain('it begins with "{", not with "["');
    expect(err).toContain('mend the file, or set its format with --format');
    expect(err).not.toMatch(/send the|runs that/);
  });

  it('takes values of several kinds as text, and tells of stray ones among lists', async () => {
    project.write('kinds.ndjson', ['1', '"x"', '[1]', '{"b":1}'].map((value) => `{"a":${value}}\n`).join(''));
    const { inferred } = await project.json('infer', 'kinds.ndjson');
    expect(inferred.columns[0]).toMatchObject({ type: 'VARCHAR', instead: 'values of several kinds' });
    project.write('stray.ndjson', `${'{"a":[1]}\n'.repeat(99)}{"a":"x"}\n`);
    const stray = await project.json('infer', 'stray.ndjson');
    expect(stray.inferred.columns[0]).toMatchObject({ type: 'BIGINT[]', nullable: false, strange: 1 });
  });

  it('keeps numbers of JSON that a DOUBLE would round', async () => {
    project.write('long.ndjson', '{"d":12345678901234567890.123456789,"h":1267650600228229401496703205376}\n');
    const { inferred } = await project.json('infer', 'long.ndjson');
    expect(inferred.columns.map(({ type }: any) => type)).toEqual(['DECIMAL(29,9)', 'HUGEINT']);
  });

  it('profiles times with zones by the moment that they mean', async () => {
    project.write('zones.csv', 't\n2026-01-01T00:00:00+02:00\n');
    const { inferred } = await project.json('infer', 'zones.csv');
    expect(inferred.columns[0].profile.least).toBe('2025-12-31 22:00:00');
  });
});

describe('of JSON', () => {
  it.each(['records.json', 'records.ndjson.zst'])(
    'takes keys in their order and says what is nested (%s)',
    async (file) => {
      const { inferred, contract } = await project.json('infer', file);
      expect(inferred.columns.map(({ name, type, nullable, instead }: any) => [name, type, nullable, instead])).toEqual(
        [
          ['id', 'VARCHAR', false, undefined],
          ['tags', 'VARCHAR[]', false, undefined],
          ['place', 'STRUCT("city" VARCHAR)', true, undefined],
          ['n', 'DOUBLE', false, undefined],
          ['when', 'TIME', false, undefined],
        ],
      );
      expect(inferred.left).toEqual([{ name: '__proto', why: 'has a name that is kept for Penstock' }]);
      expect(contract).toContain(' Its column "__proto" is left out: it has a name that is kept for Penstock.');
      expect(inferred.key).toBe('id');
      expect(contract).toContain('tags: z.array(z.string()),');
      expect(contract).toContain('place: z.object({ city: z.string() }).nullable(),');
    },
  );

  it('takes for text objects whose members no contract can name', async () => {
    project.write('twins.ndjson', '{"a":{"B":1,"b":2},"l":[{"":1}],"c":{"d":1},"":3}\n');
    const { inferred } = await project.json('infer', 'twins.ndjson');
    expect(inferred.columns.map(({ name, type }: any) => [name, type])).toEqual([
      ['a', 'VARCHAR'],
      ['l', 'VARCHAR'],
      ['c', 'STRUCT("d" BIGINT)'],
    ]);
  });

  it('takes for text what is of several kinds', async () => {
    project.write('mixed.ndjson', '{"a":[1,{"b":2}],"m":{"x":1}}\n{"a":[2],"m":[3]}\n');
    const { inferred, contract } = await project.json('infer', 'mixed.ndjson');
    expect(inferred.columns.map(({ type, instead }: any) => [type, instead])).toEqual([
      ['VARCHAR', 'a list'],
      ['VARCHAR', expect.any(String)],
    ]);
    expect(contract).toContain('taken as its JSON text');
  });
});

describe('of what is nested', () => {
  const orders = [
    {
      id: 1,
      lines: [
        { item: 'a', price: 1.25, on: '2024-01-02', tags: ['x', null] },
        { item: 'b', price: 2 },
      ],
      'ship to': { city: 'Rome', "it's": { zip: '00123' } },
    },
    { id: 2, lines: [], 'ship to': null },
  ];
  const ndjson = orders.map((one) => JSON.stringify(one)).join('\n');
  const fields = [
    { name: 'id', type: 'BIGINT', nullable: false },
    {
      name: 'lines',
      type: 'STRUCT("item" VARCHAR, "price" DOUBLE, "on" DATE, "tags" VARCHAR[])[]',
      nullable: false,
    },
    { name: 'ship to', type: `STRUCT("city" VARCHAR, "it's" STRUCT("zip" VARCHAR))`, nullable: true },
  ];

  it('says the same in TypeScript and as ODCS, and no row of the file breaks it', async () => {
    project.write('nested.ndjson', ndjson);
    const plan = await fieldsOf((await project.run('infer', 'nested.ndjson')).out, 'nested');
    expect(plan.fields).toMatchObject(fields);
    const text = (await project.run('infer', 'nested.ndjson', '--as', 'odcs')).out;
    const file = pathToFileURL(project.write('nested.yaml', text));
    const { record, problems } = readOdcs(text, 'n.yaml');
    expect(problems).toEqual([]);
    expect(record!.fields).toEqual(plan.fields);
    expect(plan.fields[1]!.rules.map(({ name }) => name)).toEqual([
      'lines[] has no gap',
      'lines[].item has no gap',
      'lines[].price has no gap',
    ]);

    const source = from(s3({ prefix: 'landing/nested/', format: 'ndjson' }), odcs(file));
    const code = await compiled(
      pipeline('nested', { quality: [unique(['id'])], outputs: [source.to(lake({ table: 'nested' }))] }),
    );
    const result = await run(code, { nested: [{ path: join(project.folder, 'nested.ndjson'), key: 'k' }] });
    expect(rejectFiles(result)).toEqual([]);
    expect(result.steps[0]).toMatchObject({ rowsIn: 2, rowsOut: 2 });
  });

  it('takes from Parquet the types of the file', async () => {
    const path = join(project.folder, 'nested.parquet');
    await query(
      `COPY (SELECT [{'n': 1::INTEGER, 'd': 1.50::DECIMAL(9,2)}, {'n': NULL, 'd': 2::DECIMAL(9,2)}] AS l, {'at': TIMESTAMP '2024-01-01', 'u': [1::UTINYINT]} AS s, MAP {'a': 1} AS m) TO '${path}' (FORMAT parquet)`,
    );
    const { inferred, contract } = await project.json('infer', 'nested.parquet');
    expect(inferred.columns.map(({ type, instead }: any) => [type, instead])).toEqual([
      ['STRUCT("n" BIGINT, "d" DECIMAL(9,2))[]', undefined],
      ['STRUCT("at" TIMESTAMP, "u" BIGINT[])', undefined],
      ['VARCHAR', 'MAP(VARCHAR, INTEGER)'],
    ]);
    expect(contract).toContain('l: z.array(z.object({ n: z.int().nullable(), d: decimal(9, 2) })),');
    expect(contract).toContain('s: z.object({ at: z.iso.datetime(), u: z.array(z.int()) }),');
  });
});

it('of Parquet says which values a run would reject, and what stands for types that no contract has', async () => {
  const path = join(project.folder, 'odd.parquet');
  await query(
    `COPY (SELECT i, CASE i WHEN 0 THEN 'nan' WHEN 1 THEN 'inf' ELSE '1.5' END::FLOAT AS f, make_timestamp_ns(i) AS ns, CASE i WHEN 2 THEN 'infinity' ELSE '2024-01-01' END::DATE AS d, MAP {'a "b"': i} AS m, [MAP {'a': 0.10::DECIMAL(20,2)}] AS l, '\\x00x'::BLOB AS b, [1.5, CASE WHEN i = 3 THEN 'nan' ELSE '2' END::DOUBLE] AS nl FROM range(4) t(i)) TO '${path}' (FORMAT parquet)`,
  );
  const { inferred, contract } = await project.json('infer', 'odd.parquet');
  expect(inferred.columns.map(({ type, strange }: any) => [type, strange])).toEqual([
    ['BIGINT', undefined],
    ['FLOAT', 2],
    ['TIMESTAMP', 3],
    ['DATE', 1],
    ['VARCHAR', undefined],
    ['VARCHAR', undefined],
    ['VARCHAR', undefined],
    ['DOUBLE[]', 1],
  ]);
  expect(contract).toContain('MAP(VARCHAR, BIGINT): taken as its JSON text, for parse or flatten');
  expect(contract).toContain('in the file BLOB: taken as text');
  expect(contract).toContain('2 are no finite FLOAT: such rows are rejected');
});

it('of a text of ten megabytes does not ask each format of times', async () => {
  project.write('long.ndjson', `{"a":"${'x'.repeat(10_000_000)}","b":"03/04/2001"}\n`);
  const { inferred } = await project.json('infer', 'long.ndjson');
  expect(inferred.columns.map(({ type, times }: any) => [type, times])).toEqual([
    ['VARCHAR', undefined],
    ['VARCHAR', ['%d/%m/%Y', '%m/%d/%Y']],
  ]);
}, 8_000);

it('of very many columns asks for few at a time: asked for together, two hundred took half a minute', async () => {
  const names = Array.from({ length: 200 }, (_, index) => `c${index}`);
  project.write(
    'wide.csv',
    `${names.join(',')}\n${names.map((_, index) => index).join(',')}\n${names.map(() => '2024-01-02').join(',')}\n`,
  );
  const { inferred } = await project.json('infer', 'wide.csv', '--tolerance', '0.5');
  expect(inferred.columns.map(({ name }: any) => name)).toEqual(names);
  expect(inferred.columns.map(({ profile }: any) => profile.values)).toEqual(names.map(() => 2));
  expect(inferred.columns.map(({ type, strange }: any) => [type, strange])).toEqual(names.map(() => ['BIGINT', 1]));
}, 20_000);

it('of Parquet leaves out what no contract can have, and says so', async () => {
  const path = join(project.folder, 'index.parquet');
  await query(
    `COPY (SELECT i AS a, i::DECIMAL(38,2) AS long, i AS __index_level_0__ FROM range(3) t(i)) TO '${path}' (FORMAT parquet)`,
  );
  writeFileSync(path, withLongDecimals(readFileSync(path)));
  const { inferred, contract } = await project.json('infer', 'index.parquet');
  expect(inferred.columns.map(({ name }: any) => name)).toEqual(['a']);
  expect(inferred.left.map(({ name }: any) => name)).toEqual(['long', '__index_level_0__']);
  expect(contract).toContain(
    'Its column "long" is left out: it holds DECIMAL(50,2), and no type has room for more than 38 digits.',
  );
  const fields = (await fieldsOf(contract, 'index')).fields.map(({ name }) => name);
  expect(fields).toEqual(['a']);
  await query(`COPY (SELECT 1 AS __a) TO '${path}' (FORMAT parquet)`);
  const { err } = await project.run('infer', 'index.parquet');
  expect(err).toContain('holds no column that a contract can have');
  expect(err).toContain('"__a" has a name that is kept for Penstock');
});

it('of Parquet refuses two columns of one name, and bytes that are damaged where nobody looks at first', async () => {
  const path = join(project.folder, 'bytes.parquet');
  await query(`COPY (SELECT 1 AS long_1, 2 AS long_2) TO '${path}' (FORMAT parquet)`);
  writeFileSync(path, Buffer.from(readFileSync(path, 'latin1').replaceAll('long_2', 'LONG_1'), 'latin1'));
  expect((await project.run('infer', 'bytes.parquet')).err).toContain('names the column "LONG_1" twice');
  await query(`COPY (SELECT i, hash(i)::VARCHAR AS b FROM range(100000) r(i)) TO '${path}' (FORMAT parquet)`);
  writeFileSync(path, readFileSync(path).fill(0xaa, 2000, 60_000));
  const { err } = await project.run('infer', 'bytes.parquet');
  expect(err).toContain('cannot be read as parquet');
  expect(err).toContain('mend the file, or set its format with --format');
});

it('of Parquet takes the types of the file', async () => {
  const path = join(project.folder, 'typed.parquet');
  await query(
    `COPY (SELECT i::INTEGER AS id, (i / 4)::DECIMAL(9,2) AS price, TIMESTAMP '2024-01-01' AS at, [i] AS list, [TIMESTAMPTZ '2024-01-01 00:00:00+00'] AS seen FROM range(4) t(i)) TO '${path}' (FORMAT parquet)`,
  );
  const { inferred } = await project.json('infer', 'typed.parquet');
  expect(inferred.columns.map(({ type, instead }: any) => [type, instead])).toEqual([
    ['BIGINT', undefined],
    ['DECIMAL(9,2)', undefined],
    ['TIMESTAMP', undefined],
    ['BIGINT[]', undefined],
    ['TIMESTAMP[]', undefined],
  ]);
  expect(inferred.columns.map(({ strange }: any) => strange)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it('writes into a file once, under the name that it is given', async () => {
  const { out } = await project.run('infer', 'orders.csv', '--name', 'sales-2024', '--out', 'sales.ts');
  expect(out).toBe('  sales.ts is written\n');
  const text = readFileSync(join(project.folder, 'sales.ts'), 'utf8');
  expect(text).toContain('export const sales2024 = contract(\n  z.object({\n');
  expect(text).toContain('Inferred from orders.csv: 3 rows of csv');
  const again = await project.run('infer', 'orders.csv', '--out', 'sales.ts');
  expect([again.code, again.err.includes('the file exists')]).toEqual([1, true]);
  await project.run('infer', 'orders.csv', '--out', 'contracts/orders.ts');
  expect(readFileSync(join(project.folder, 'contracts/orders.ts'), 'utf8')).toContain(
    'export const orders = contract(',
  );
});

describe('refuses', () => {
  project.write('nothing.csv', '');
  project.write('header.csv', 'a,b\n');
  project.write('keys.ndjson', '{"a":1}\n{"A":2}\n');
  project.write('broken.parquet', 'PAR1 no');
  project.write('features.json', '{"features": [\n{"id": 1}]}');
  it.each([
    ['a file that is not there', ['gone.csv'], 'there is no such file', 1],
    ['a name that tells no format', ['package.json.txt2'], 'there is no such file', 1],
    ['a format that there is not', ['orders.csv', '--format', 'cvs'], 'did you mean "csv"?', 2],
    ['a form that there is not', ['orders.csv', '--as', 'typscript'], 'did you mean "typescript"?', 2],
    ['a share beyond 1', ['orders.csv', '--tolerance', '2'], 'that is not a share', 2],
    ['an empty file', ['nothing.csv'], 'holds no record', 1],
    ['a document around its records', ['features.json'], 'no line or element of it is a JSON object', 1],
    ['keys that differ in case', ['keys.ndjson'], 'names the column "A" twice', 1],
    ['what is no Parquet', ['broken.parquet'], 'cannot be read as parquet', 1],
  ])('%s', async (_, args, problem, exit) => {
    const { code, err } = await project.run('infer', ...args);
    expect(err).toContain(problem);
    expect(code).toBe(exit);
    expect(err.match(/^ {4}(received|allowed|change) /gm)).toHaveLength(3);
  });
});
