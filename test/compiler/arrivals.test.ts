import { expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { enrich, every, fileArrives, from, join, lake, pipeline, s3, table } from '../../lib/index.ts';

const order = z.object({ id: z.int(), shop: z.string() });
const shop = z.object({ code: z.string(), city: z.string() });
const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), order);
const shops = from(s3({ prefix: 'landing/shops/', format: 'csv' }), shop);

async function problemsOf(on: string, dataset: typeof orders, parameters?: object) {
  const outputs = [dataset.to(lake({ table: 'orders' }))];
  const given = parameters ? { parameters: parameters as never } : {};
  const plan = compile(pipeline('orders', { on: [fileArrives(on)], outputs, ...given }));
  return plan.then(
    () => [],
    ({ problems }) => problems,
  );
}

test('files that no source reads cannot start runs, because each of them would fail', async () => {
  const [problem] = await problemsOf('landing/order/', orders);
  expect(problem).toMatchObject({
    part: 'on / fileArrives',
    problem: 'no source reads the files that would start a run',
    received: 'landing/order/',
    allowed: ['landing/orders/'],
    change: 'name a prefix that a source reads',
  });
  expect(problem.at).toMatch(/arrivals\.test\.ts:\d+:\d+$/);
});

test('files of a source that is read whole cannot, either', async () => {
  const looked = orders.pipe(enrich({ with: shops, on: 'shop = code', take: ['city'] }));
  const joined = orders.pipe(join({ with: shops, on: 'shop = code', take: ['city'] }));
  for (const dataset of [looked, joined]) {
    const [problem] = await problemsOf('landing/shops/', dataset as never);
    expect(problem.problem).toMatch(/^".+" is looked up in or joined to, so no run is about one of its files$/);
  }
  const tables = from(table({ table: 'orders' }), order);
  const [problem] = await problemsOf('landing/orders/', tables);
  expect(problem.change).toBe('start runs by every(), cron(), after() or event()');
});

test('a folder in or around what a source reads can', async () => {
  expect(await problemsOf('landing/orders/eu/', orders)).toEqual([]);
  const inner = from(s3({ prefix: 'landing/orders/eu/', format: 'csv' }), order);
  expect(await problemsOf('landing/orders/', inner)).toEqual([]);
  const parted = from(s3({ prefix: 'landing/orders/{day}/', format: 'csv' }), order);
  expect(await problemsOf('landing/orders/', parted, { day: { type: 'string', default: 'x' } })).toEqual([]);
  await compile(pipeline('shops', { on: [every('1 day')], outputs: [shops.to(lake({ table: 'shops' }))] }));
});
