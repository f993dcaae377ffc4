import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import {
  aggregate,
  cast,
  complete,
  deduplicate,
  derive,
  explode,
  filter,
  from,
  lake,
  mask,
  pipeline,
  s3,
  select,
  sort,
  split,
  unique,
  validate,
  window,
  within,
} from '../../lib/index.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';
import { shipped } from '../fixtures/engine/shipped.ts';

const schema = z.object({ id: z.string(), amount: z.int(), day: z.iso.date() });
const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), schema);
const to = (table: string) => lake({ table });

describe.each(shipped)('the plan of $name', ({ name, definition }) => {
  test('is the one that was committed; write-plans.ts beside this file writes it anew', async () => {
    const committed = JSON.parse(readFileSync(join(import.meta.dirname, 'plans', `${name}.json`), 'utf8'));
    expect(await compile(definition)).toEqual(committed);
  });

  test('is pure JSON', async () => {
    const plan = await compile(definition);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});

describe('the digest', () => {
  const digestOf = async (condition: string) =>
    (await compile(pipeline('orders', { outputs: [orders.pipe(filter(condition)).to(to('x'))] }))).digest;

  test('is the same for the same definition, wherever it is written', async () => {
    expect(await digestOf('amount > 1')).toBe(await digestOf('amount > 1'));
    expect(await digestOf('amount > 1')).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is another one for any change', async () => {
    expect(await digestOf('amount > 1')).not.toBe(await digestOf('amount > 2'));
  });
});

describe('what is wrong is said with the step, the columns that there are, and the nearest name', () => {
  test('for an unknown column', async () => {
    const problems = await problemsOf(() =>
      pipeline('orders', { outputs: [orders.pipe(select('id', 'amount'), filter('amuont > 1')).to(to('x'))] }),
    );
    expect(problems).toEqual([
      {
        at: expect.stringMatching(/^test\/compiler\/compile\.test\.ts:\d+:\d+$/),
        part: 'orders.2-filter / condition',
        problem: 'there is no column "amuont" here',
        received: 'amuont',
        allowed: ['id', 'amount'],
        change: 'did you mean "amount"?',
      },
    ]);
  });

  test('for a type that does not fit', async () => {
    const problems = await problemsOf(() =>
      pipeline('orders', { outputs: [orders.pipe(derive({ x: 'amount + id::DATE' })).to(to('x'))] }),
    );
    expect(problems).toMatchObject([
      {
        part: 'orders.1-derive / columns / x',
        received: '+(BIGINT, DATE)',
        allowed: expect.stringMatching(/^\+\((BIGINT, BIGINT|INTEGER, DATE)\), /),
      },
    ]);
  });

  test('for every branch at once, but not for what hangs on a step whose columns are unknown', async () => {
    const broken = orders.pipe(filter('x > 1'), select('y'), filter('v > 1'));
    const other = orders.pipe(derive({ z: 'w' }));
    const problems = await problemsOf(() => pipeline('orders', { outputs: [broken.to(to('a')), other.to(to('b'))] }));
    expect(problems.map(({ part, received }) => [part, received])).toEqual([
      ['orders.1-filter / condition', 'x'],
      ['orders.2-select / columns / 0', 'y'],
      ['orders.1-derive / columns / z', 'w'],
    ]);
  });

  test('for what comes behind a column that is missing, of which the nearest one is taken for what was meant', async () => {
    const broken = orders.pipe(
      deduplicate({ key: ['idd', 'dya'] }),
      select('amuont', 'day'),
      filter('amount > 1 AND id > 1'),
      aggregate({ by: ['dayy'], measures: { n: 'sum(amount)', m: 'sun(amount)' } }),
    );
    const rules = { quality: [complete('day'), complete('m'), complete('o')] };
    const problems = await problemsOf(() =>
      pipeline('orders', { ...rules, outputs: [broken.to(lake({ table: 'x', partitionBy: ['dday'] }))] }),
    );
    expect(problems.map(({ part, received }) => [part, received])).toEqual([
      ['orders.1-deduplicate / key / 0', 'idd'],
      ['orders.1-deduplicate / key / 1', 'dya'],
      ['orders.2-select / columns / 0', 'amuont'],
      ['orders.3-filter / condition', 'id'],
      ['orders.4-aggregate / by / 0', 'dayy'],
      ['orders.4-aggregate / measures / m', 'sun'],
      ['table.x / partitionBy / 0', 'dday'],
      ['quality / complete', ['o']],
    ]);
  });

  test('for what comes behind a step that takes certain types, where its column is missing', async () => {
    const broken = orders.pipe(
      cast({ amuont: 'DOUBLE' }),
      split('idd', { by: ',' }),
      explode('lines', { as: 'line' }),
      mask({ dya: { method: 'generalise', to: 'year' } }),
      filter('line > 1 AND nothing > 1'),
    );
    const problems = await problemsOf(() => pipeline('orders', { outputs: [broken.to(to('x'))] }));
    expect(problems.map(({ received }) => received)).toEqual(['amuont', 'idd', 'lines', 'dya', 'nothing']);
  });

  test('but not for an order that is lost only because of another mistake', async () => {
    const lost = (column: string) => orders.pipe(sort({ order: [column] }), filter('amuont > 1')).to(to('x'));
    const receivedOf = async (column: string) =>
      (await problemsOf(() => pipeline('orders', { outputs: [lost(column)] }))).map(({ received }) => received);
    expect(await receivedOf('day')).toEqual(['amuont']);
    expect(await receivedOf('dya')).toEqual(['dya', 'amuont']);
  });

  test('for conditions, rules and quality together, and each of several expressions', async () => {
    const checked = orders.pipe(
      filter('amuont > 1'),
      validate({ sold: { column: 'day', holds: 'dya > day' }, some: { column: 'id', holds: 'amount' } }),
      derive({ twice: 'amount * 2' }),
    );
    const both = orders.pipe(derive({ a: 'ammount', b: 'dday', c: 'amount' }));
    const problems = await problemsOf(() =>
      pipeline('orders', {
        quality: [complete('twcie'), within('id', 1, 2)],
        outputs: [checked.to(to('x'))],
      }),
    );
    expect(problems.map(({ part, received }) => [part, received])).toEqual([
      ['orders.1-filter / condition', 'amuont'],
      ['orders.2-validate / rules / sold / holds', 'dya'],
      ['orders.2-validate / rules / some / holds', 'amount'],
      ['quality / complete', ['twcie']],
      [expect.stringContaining('quality / within'), expect.anything()],
    ]);
    const several = await problemsOf(() =>
      pipeline('orders', { quality: [complete('x')], outputs: [both.to(to('x'))] }),
    );
    expect(several.map(({ received }) => received)).toEqual(['ammount', 'dday', ['x']]);
  });

  test('for what comes behind a column that has a mistake, but for what hangs on its type', async () => {
    const sold = orders.pipe(
      derive({ a: 'ammount', b: 'amount * 2' }),
      filter('a > 1 AND bb > 1'),
      derive({ c: 'a || 1', d: 'a::DATE + b', e: 'b + x' }),
      aggregate({ by: ['a'], measures: { n: 'sum(c)', m: 'sun(b)', rows: 'count(*)' } }),
      window({ by: ['a'], order: ['n'], columns: { before: 'lag(n)' } }),
    );
    const problems = await problemsOf(() =>
      pipeline('orders', { quality: [complete('a'), within('rwos', 1, 2)], outputs: [sold.to(to('x'))] }),
    );
    expect(problems.map(({ part, received }) => [part, received])).toEqual([
      ['orders.1-derive / columns / a', 'ammount'],
      ['orders.2-filter / condition', 'bb'],
      ['orders.3-derive / columns / e', 'x'],
      ['orders.4-aggregate / measures / m', expect.anything()],
      ['quality / within', ['rwos']],
    ]);
    const exploded = orders.pipe(derive({ a: 'ammount' }), explode('a'));
    expect(await problemsOf(() => pipeline('orders', { outputs: [exploded.to(to('x'))] }))).toHaveLength(1);
  });

  test('for a contract', async () => {
    const twins = from(s3({ key: 'landing/x.csv' }), z.object({ a: z.int(), A: z.int() }));
    const hidden = from(s3({ key: 'landing/y.csv' }), z.object({ __row: z.int() }));
    const coded = from(s3({ key: 'landing/z.csv' }), z.object({ a: z.string().trim() }));
    const pattern = from(s3({ key: 'landing/w.csv' }), z.object({ a: z.string().regex(/^(?=x)/) }));
    const cut = from(s3({ key: 'landing/v.csv' }), z.object({ 'a\0b': z.int() }));
    const within = from(s3({ key: 'landing/u.csv' }), z.object({ a: z.object({ 'a\0b': z.int() }) }));
    const nameless = from(s3({ key: 'landing/t.csv' }), z.object({ '': z.int() }));
    const sources = [twins, hidden, coded, pattern, cut, within, nameless].map((source, index) =>
      source.to(to(`t${index}`)),
    );
    expect(
      (await problemsOf(() => pipeline('orders', { outputs: sources }))).map(({ part, problem }) => [part, problem]),
    ).toEqual([
      ['x', 'there are two columns "A"'],
      ['y', 'the name "__row" is kept for Penstock'],
      ['z', expect.stringContaining('it changes the value')],
      ['w', expect.stringContaining('its pattern looks around')],
      ['v', 'the name "a\\u0000b" holds a NUL'],
      ['u', expect.stringContaining('a member has no name, or one that holds a NUL')],
      ['t', 'a column has no name'],
    ]);
  });

  test('for quality rules', async () => {
    const problems = await problemsOf(() =>
      pipeline('orders', {
        quality: [
          complete('amuont'),
          unique(['id'], { table: 'y' }),
          complete('id', { atLeast: 2 }),
          within('id', 1, 2),
        ],
        outputs: [orders.to(to('x'))],
      }),
    );
    expect(problems).toMatchObject([
      { part: 'quality / complete', problem: 'no output has a column "amuont"', change: 'did you mean "amount"?' },
      { part: 'quality / unique', problem: 'no output writes the table "y"', allowed: ['x'] },
      { part: 'quality / complete / atLeast', received: 2 },
      { part: expect.stringContaining('quality / within') },
    ]);
  });
});

describe('types, nullability and lineage', () => {
  test('flow from the contract to the table', async () => {
    const plan = await compile(
      pipeline('orders', {
        outputs: [
          orders
            .pipe(
              derive({ Large: 'AMOUNT > 10', twice: 'amount * 2', id: 'upper(id)' }),
              aggregate({
                by: ['day'],
                measures: { rows: 'count(*)', sum: 'sum(twice)', large: 'count(*) FILTER (large)' },
              }),
            )
            .to(to('x')),
        ],
      }),
    );
    const [, derived, grouped, output] = plan.nodes as any[];
    expect(derived.columns).toEqual([
      { name: 'id', type: 'VARCHAR', nullable: false },
      { name: 'amount', type: 'BIGINT', nullable: false },
      { name: 'day', type: 'DATE', nullable: false },
      { name: 'Large', type: 'BOOLEAN', nullable: false },
      { name: 'twice', type: 'BIGINT', nullable: false },
    ]);
    expect(derived.keeps).toEqual(['amount', 'day']);
    expect(derived.lineage).toEqual({
      id: ['orders:id'],
      amount: ['orders:amount'],
      day: ['orders:day'],
      Large: ['orders:amount'],
      twice: ['orders:amount'],
    });
    expect(grouped.lineage).toEqual({
      day: ['orders.1-derive:day'],
      rows: [],
      sum: ['orders.1-derive:twice'],
      large: ['orders.1-derive:Large'],
    });
    expect(output.columns.map(({ name, type }: any) => `${name} ${type}`)).toEqual([
      'day DATE',
      'rows BIGINT',
      'sum DECIMAL(38,0)',
      'large BIGINT',
    ]);
    expect(plan.stages[0]!.exchanges[0]!.columns).toEqual(['day', 'Large', 'twice']);
  });

  test('of a column that no step names do not travel', async () => {
    const plan = await compile(
      pipeline('orders', {
        outputs: [orders.pipe(aggregate({ by: ['day'], measures: { rows: 'count(*)' } })).to(to('x'))],
      }),
    );
    expect(plan.stages[0]!.exchanges[0]).toMatchObject({ keys: ['day'], columns: ['day'] });
  });
});

test('a column that cannot travel between stages is refused at the step before', async () => {
  const problems = await problemsOf(() =>
    pipeline('orders', {
      outputs: [
        orders
          .pipe(derive({ ago: "INTERVAL '1' DAY" }), deduplicate({ key: ['id'] }), derive({ ago: 'ago::VARCHAR' }))
          .to(to('x')),
      ],
    }),
  );
  expect(problems).toMatchObject([{ part: 'orders.1-derive / ago', received: 'INTERVAL' }]);
});
