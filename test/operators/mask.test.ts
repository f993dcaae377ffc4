import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, derive, enrich, from, lake, mask, pipeline, s3 } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { rowsOf } from '../fixtures/engine/duckdb.ts';
import { compiled, rejectFiles, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

type How = Parameters<typeof mask>[0][string];
const schema = z.object({
  text: z.string().nullable(),
  n: z.int().nullable(),
  price: z.number().nullable(),
  day: z.iso.date().nullable(),
  at: z.iso.datetime().nullable(),
});
const nothing = { text: null, n: null, price: null, day: null, at: null };
const row = { ...nothing, text: 'größe 😀', n: -1234, price: -7.5, day: '2024-08-31', at: '2024-08-31T23:59:59.123Z' };

/** Values of a column, as text, of a full row and of one without any value. */
async function masked(column: string, how: How, values: object = row) {
  const { rows } = await apply([values, nothing], { schema }, [
    mask({ [column]: how }),
    derive({ [column]: `"${column}"::VARCHAR` }),
  ]);
  return rows.map((one) => one[column]);
}

describe('hash', () => {
  const secrets = ['short, but long enough', 'k'.repeat(64), 'é'.repeat(200), 'with\0zero and \'quote"s'];

  test.each(secrets)('is the HMAC-SHA-256 of the value under the key %j, and NULL of NULL', async (secret) => {
    const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), z.object({ a: z.string().nullable() }));
    const step = mask({ a: { method: 'hash', secret: 'ssm:/key' } });
    const code = await compiled(pipeline('hashed', { outputs: [main.pipe(step).to(lake({ table: 'out' }))] }));
    const texts = ['', 'a', 'größe 😀', 'x'.repeat(1000), null];
    const path = scratchFile('input-0', texts.map((a) => JSON.stringify({ a })).join('\n'));
    const result = await run(code, { main: [{ path }] }, { secrets: { 'ssm:/key': secret } });
    const found = (await rowsOf(tableFiles(result, 'out'))).map((line) => JSON.parse(line).a);
    const expected = texts.map((text) => text !== null && createHmac('sha256', secret).update(text).digest('hex'));
    expect(found.sort()).toEqual(expected.map((one) => one || null).sort());
  });

  test('of a number or a day is that of its text', async () => {
    const hmac = (text: string) => createHmac('sha256', 'a'.repeat(32)).update(text).digest('hex');
    const how = { method: 'hash', secret: 'secretsmanager:k' } as const;
    expect(await masked('n', how)).toEqual([hmac('-1234'), null]);
    expect(await masked('day', how)).toEqual([hmac('2024-08-31'), null]);
  });
});

test.each<[string, string, How, unknown]>([
  ['redact leaves nothing of a text', 'text', { method: 'redact' }, '[redacted]'],
  ['redact puts what it is told', 'text', { method: 'redact', with: "it's gone" }, "it's gone"],
  ['redact leaves no number', 'n', { method: 'redact' }, null],
  ['partial leaves the last four characters', 'text', { method: 'partial' }, '***ße 😀'],
  ['partial leaves the ends', 'text', { method: 'partial', keepFirst: 1, keepLast: 1, with: '·' }, 'g·····😀'],
  ['partial leaves nothing of what is short', 'text', { method: 'partial', keepFirst: 3, keepLast: 4 }, '*******'],
  ['generalise takes a day to its month', 'day', { method: 'generalise', to: 'month' }, '2024-08-01'],
  ['generalise takes a day to its year', 'day', { method: 'generalise', to: 'year' }, '2024-01-01'],
  ['generalise takes a time to its quarter', 'at', { method: 'generalise', to: 'quarter' }, '2024-07-01 00:00:00'],
  ['generalise takes a time to its decade', 'at', { method: 'generalise', to: 'decade' }, '2020-01-01 00:00:00'],
  ['generalise takes a number down to its step', 'n', { method: 'generalise', step: 1000 }, '-2000'],
  ['generalise takes a fraction down to its step', 'price', { method: 'generalise', step: 2.5 }, '-7.5'],
])('%s', async (_, column, how, expected) => {
  expect(await masked(column, how)).toEqual([expected, null]);
});

test.each([
  [0.3, 0.1, 0.3],
  [0.7, 0.1, 0.7],
  [0.57, 0.01, 0.57],
  [-0.3, 0.1, -0.3],
  [0.29, 0.1, 0.2],
  [-0.31, 0.1, -0.4],
  [1e-9, 1e-9, 1e-9],
  [1.5, 1e21, 0],
  [1.7976931348623157e308, 0.1, 1.7976931348623157e308],
])('generalise takes the fraction %s down in steps of %s to %s, a FLOAT likewise', async (price, step, expected) => {
  const [text] = await masked('price', { method: 'generalise', step }, { ...row, price });
  expect(Number(text)).toBe(expected);
  if (price > 3e38) return;
  const { rows } = await apply([{ price }], { schema: z.object({ price: z.float32() }) }, [
    mask({ price: { method: 'generalise', step } }),
  ]);
  expect(rows[0]!.price).toBeCloseTo(expected, 7);
});

test('tokenise gives the same value the same token, and no part of its hash', async () => {
  const how = { method: 'tokenise', secret: 'secretsmanager:k', prefix: 'cus_' } as const;
  const [one] = await masked('text', how);
  const [again] = await masked('text', how);
  const [other] = await masked('text', how, { ...row, text: 'other' });
  const [hash] = await masked('text', { method: 'hash', secret: 'secretsmanager:k' });
  expect(one).toMatch(/^cus_[0-9a-f]{32}$/);
  expect(again).toBe(one);
  expect(other).not.toBe(one);
  expect(hash).not.toContain(one!.slice('cus_'.length));
});

test('keeps types, and every digit of numbers in steps', async () => {
  const { types, rows } = await apply([row, { ...nothing, n: 9_007_199_254_740_991 }], { schema }, [
    derive({
      wide: '9223372036854775807::BIGINT',
      tiny: '(-7)::TINYINT',
      exact: "'-12345678901234567.89'::DECIMAL(20,2)",
      narrow: "'7.5'::DECIMAL(38,37)",
    }),
    mask({
      day: { method: 'generalise', to: 'year' },
      wide: { method: 'generalise', step: 10 },
      tiny: { method: 'generalise', step: 5 },
      exact: { method: 'generalise', step: 0.25 },
      narrow: { method: 'generalise', step: 8 },
    }),
    derive({ wide: 'wide::VARCHAR', exact: 'exact::VARCHAR', narrow: 'narrow::DOUBLE' }),
  ]);
  expect(types).toMatchObject({ day: 'DATE', tiny: 'TINYINT' });
  expect(rows[0]).toMatchObject({ wide: '9223372036854775800', tiny: -10, exact: '-12345678901234568.00', narrow: 0 });
});

test('rejects a number that has no step below it', async () => {
  const { rows, rejects } = await apply([row], { schema }, [
    derive({ tiny: '(-128)::TINYINT' }),
    mask({ tiny: { method: 'generalise', step: 50 } }),
  ]);
  expect(rows).toEqual([]);
  expect(rejects).toMatchObject([{ rule: 'tiny fits its type in steps of 50' }]);
});

test('marks in the plan what it masks and which secrets it needs, by name', async () => {
  const { code } = await apply([row], { schema }, [
    mask({
      text: { method: 'tokenise', secret: 'ssm:/b' },
      n: { method: 'hash', secret: 'secretsmanager:a' },
      day: { method: 'generalise', to: 'year' },
    }),
  ]);
  expect(code.plan.nodes.find(({ component }) => component === 'mask')).toMatchObject({
    masks: ['text', 'n', 'day'],
    secrets: ['secretsmanager:a', 'ssm:/b'],
    lineage: { text: ['main:text'], n: ['main:n'] },
  });
});

test('gives both sides of a lookup the same tokens', async () => {
  const how = { method: 'tokenise', secret: 'ssm:/key' } as const;
  const side = { schema: z.object({ code: z.string(), city: z.string() }), rows: [{ code: 'größe 😀', city: 'Ulm' }] };
  const { rows } = await apply([row, nothing], { schema, side }, (other) => [
    mask({ text: how }),
    enrich({ with: other.pipe(mask({ code: how })), on: 'text = code', take: ['city'] }),
  ]);
  expect(rows.map(({ city }) => city)).toEqual(['Ulm', null]);
});

test('leaves a key nowhere: not in files, not in what is said of rows that fail', async () => {
  const canary = 'canary-4711-never-to-be-seen';
  const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), z.object({ a: z.string(), n: z.int() }));
  const make = async (type: string) => {
    const steps = [
      mask({ a: { method: 'hash', secret: 'ssm:/key' } }),
      aggregate({ by: ['n'], measures: { c: `max(CAST(a AS ${type}))` } }),
    ];
    return compiled(pipeline('hashed', { outputs: [main.pipe(...steps).to(lake({ table: 'out' }))] }));
  };
  const path = scratchFile('input-0', '{"a":"x","n":1}\n{"a":"y","n":"z"}\n');
  const secrets = { 'ssm:/key': canary };
  for (const [type, badRows] of [
    ['VARCHAR', 1],
    ['INTEGER', 2],
  ] as const) {
    const code = await make(type);
    const result = await run(code, { main: [{ path }] }, { secrets });
    expect(result.steps.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(badRows);
    const files = [...tableFiles(result, 'out'), ...rejectFiles(result)];
    const rows = await Promise.all(files.map((file) => rowsOf([file])));
    const bytes = files.map((file) => readFileSync(file, 'latin1'));
    for (const text of [...bytes, JSON.stringify([rows, code.plan, result.steps])]) expect(text).not.toContain(canary);
  }
});

describe('refuses', () => {
  const part = (path: string) => ({ part: `main / mask / columns / name${path}` });
  const own = (path: string) => ({ part: `main.1-mask / columns / ${path}` });
  test.each<[string, Parameters<typeof mask>[0], object]>([
    ['a column that is not there', { nmae: { method: 'redact' } }, { change: 'did you mean "name"?' }],
    ['a method that there is not', { name: { method: 'rot13' } as never }, part(' / method')],
    [
      'a secret that stands here itself',
      { name: { method: 'hash', secret: 'hunter2 is a secret!' } },
      part(' / secret'),
    ],
    ['a hash without a secret', { name: { method: 'hash' } as never }, part(' / secret')],
    ['part of a number', { amount: { method: 'partial' } }, own('amount')],
    ['part of a text that is nothing', { name: { method: 'partial', keepLast: 0 } }, part(' / keepLast')],
    ['a text in place of numbers', { amount: { method: 'redact', with: 'x' } }, own('amount / with')],
    ['a period of numbers', { amount: { method: 'generalise', to: 'year' } }, own('amount / to')],
    ['a step of days', { day: { method: 'generalise', step: 5 } }, own('day / step')],
    [
      'a step of nothing',
      { amount: { method: 'generalise', step: 0 } },
      { part: 'main / mask / columns / amount / step' },
    ],
    ['a fraction of whole numbers', { amount: { method: 'generalise', step: 0.5 } }, own('amount / step')],
    ['a step beyond 2^53', { amount: { method: 'generalise', step: 1e21 } }, own('amount / step')],
    [
      'a step and a period',
      { amount: { method: 'generalise', step: 5, to: 'year' } },
      { part: 'main / mask / columns / amount / to' },
    ],
  ])('%s', async (_, columns, expected) => {
    expect(await mistakesIn(mask(columns))).toMatchObject([expected]);
  });

  test.each([
    [0.125, 'DECIMAL(20,2)'],
    [0.001, 'DECIMAL(20,2)'],
    [1, 'DECIMAL(38,38)'],
    [1000, 'DECIMAL(38,35)'],
  ])('a step of %s, for which a %s has no room', async (step, type) => {
    const price = derive({ price: `amount::${type}` });
    const problems = await problemsOf(() => {
      const main = from(s3({ prefix: 'landing/main/', format: 'csv' }), z.object({ amount: z.int() }));
      const masked = main.pipe(price, mask({ price: { method: 'generalise', step } }));
      return pipeline('masked', { outputs: [masked.to(lake({ table: 'out' }))] });
    });
    expect(problems).toMatchObject([{ part: 'main.2-mask / columns / price / step', received: type }]);
  });

  test('an expression that would hash under a secret by itself', async () => {
    const problems = await mistakesIn(derive({ x: "__keyed_hash('ssm:/key', name)" }));
    expect(problems).toMatchObject([{ problem: expect.stringContaining('it calls __keyed_hash, which there is not') }]);
  });
});
