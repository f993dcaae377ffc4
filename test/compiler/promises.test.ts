import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import type { SourceNode } from '../../lib/component/plan.ts';
import {
  contract,
  type Dataset,
  deduplicate,
  enrich,
  filter,
  from,
  lake,
  pipeline,
  rename,
  s3,
  unique,
} from '../../lib/index.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';

const order = z.object({ id: z.string(), shop: z.string(), day: z.iso.date() });
const orders = () =>
  from(s3({ prefix: 'landing/orders/', format: 'csv' }), contract(order, { keys: [['id', 'shop']], version: '2.1.0' }));
const withSteps = (steps: (orders: Dataset) => Dataset, quality: Parameters<typeof pipeline>[1]['quality'] = []) =>
  pipeline('orders', { quality, outputs: [steps(orders()).to(lake({ table: 'orders' }))] });

describe('a key that a contract promises', () => {
  it('is a problem where nothing holds it', async () => {
    expect(await problemsOf(() => withSteps((rows) => rows.pipe(filter("day > '2020-01-01'"))))).toMatchObject([
      { part: 'orders / contract / keys', received: 'id, shop', change: expect.stringContaining('deduplicate') },
    ]);
  });

  it.each([
    ['deduplicate', withSteps((rows) => rows.pipe(deduplicate({ key: ['shop', 'id'] })))],
    ['deduplicate by a part of it', withSteps((rows) => rows.pipe(deduplicate({ key: ['id'] })))],
    ['unique', withSteps((rows) => rows, [unique(['id', 'shop'])])],
    [
      'unique under other names',
      withSteps((rows) => rows.pipe(rename({ id: 'number' })), [unique(['number', 'shop'])]),
    ],
  ])('is held by %s', async (_, definition) => {
    const plan = await compile(definition);
    expect((plan.nodes[0] as SourceNode).contract).toMatchObject({ keys: [['id', 'shop']], version: '2.1.0' });
  });

  it('is not held by a wider one', async () => {
    expect(await problemsOf(() => withSteps((rows) => rows, [unique(['id', 'shop', 'day'])]))).toHaveLength(1);
  });

  it('is held by a lookup, which fails on a second row', async () => {
    const shops = from(
      s3({ key: 'reference/shops.csv' }),
      contract(z.object({ shop: z.string() }), { keys: [['shop']] }),
    );
    const sales = from(s3({ prefix: 'landing/sales/', format: 'csv' }), order).pipe(rename({ shop: 'store' }));
    const joined = sales.pipe(enrich({ with: shops, on: 'store = shop', take: { found: 'shop' } }));
    await expect(
      compile(pipeline('sales', { outputs: [joined.to(lake({ table: 'sales' }))] })),
    ).resolves.toHaveProperty('digest');
  });

  it('must name columns of the contract', async () => {
    const source = from(s3({ key: 'reference/a.csv' }), contract(order, { keys: [['idd']] }));
    const problems = await problemsOf(() => pipeline('orders', { outputs: [source.to(lake({ table: 'a' }))] }));
    expect(problems).toMatchObject([{ problem: 'the contract has no column "idd"', change: 'did you mean "id"?' }]);
  });
});

describe('classifications', () => {
  it('stand in the plan with their columns', async () => {
    const source = from(s3({ key: 'reference/a.csv' }), contract(order, { classification: { shop: 'restricted' } }));
    const plan = await compile(
      pipeline('orders', { outputs: [source.to(lake({ table: 'a', clearedFor: 'restricted' }))] }),
    );
    const { fields } = (plan.nodes[0] as SourceNode).contract;
    expect(fields.map(({ classification }) => classification)).toEqual([undefined, 'restricted', undefined]);
  });
});
