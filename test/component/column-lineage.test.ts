import { expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { ColumnLineage } from '../../lib/component/column-lineage.ts';
import type { OutputNode } from '../../lib/component/plan.ts';
import { aggregate, type Dataset, derive, filter, from, lake, pipeline, s3, union } from '../../lib/index.ts';
import flights from '../../pipelines/flights.ts';

const output = (nodes: readonly { kind: string; id: string }[], table: string) =>
  nodes.find(({ id }) => id === `table.${table}`) as OutputNode;

test('a published column is traced through all steps to the columns of sources', async () => {
  const plan = await compile(flights);
  const lineage = new ColumnLineage(plan);
  expect(lineage.origins('table.flights', 'day')).toEqual([
    { source: 'flights', column: 'date', derivation: 'transformation', through: [expect.stringMatching(/derive$/)] },
  ]);
  expect(lineage.origins('table.flights', 'city')).toMatchObject([{ source: 'airports', column: 'city' }]);
  expect(lineage.origins('table.flight_delays', 'meanDelay')).toMatchObject([
    { source: 'flights', column: 'delay', derivation: 'aggregation' },
  ]);
  expect(lineage.origins('table.flight_delays', 'lateFlights')).toMatchObject([
    {
      source: 'flights',
      column: 'delay',
      derivation: 'aggregation',
      through: [/derive$/, /aggregate$/].map((step) => expect.stringMatching(step)),
    },
  ]);
  expect(lineage.origins('table.flight_delays', 'flights')).toEqual([]);
});

test('columns that join and group rows are told apart from those that values are made of', async () => {
  const plan = await compile(flights);
  const influences = new ColumnLineage(plan).influences(output(plan.nodes, 'flight_delays'));
  expect(influences).toContainEqual({ source: 'airports', column: 'iata', by: 'join' });
  expect(influences).toContainEqual({ source: 'flights', column: 'origin', by: 'join' });
  expect(influences).toContainEqual({ source: 'flights', column: 'date', by: 'grouping' });
  expect(influences.filter(({ column, by }) => column === 'date' && by === 'grouping')).toHaveLength(1);
});

test('a column of two is made of both, and one that comes twice is named once', async () => {
  const source = from(s3({ prefix: 'landing/x/', format: 'csv' }), z.object({ 'a:b': z.int(), c: z.int() }));
  const sum = source.pipe(derive({ sum: '"a:b" + c' }), derive({ twice: 'sum + c' }));
  const plan = await compile(pipeline('sums', { outputs: [(sum as Dataset).to(lake({ table: 'sums' }))] }));
  const origins = new ColumnLineage(plan).origins('table.sums', 'twice');
  expect(origins.map(({ column }) => column).sort()).toEqual(['a:b', 'c']);
  expect(origins.find(({ column }) => column === 'c')!.through).toHaveLength(2);
});

test('ways that part and meet again, time after time, are each walked once', async () => {
  let orders: Dataset = from(s3({ prefix: 'landing/orders/', format: 'csv' }), z.object({ id: z.int() }));
  for (let meeting = 0; meeting < 40; meeting++) orders = orders.pipe(union({ with: orders.pipe(filter('id > 1')) }));
  const definition = pipeline('meetings', {
    outputs: [orders.pipe(aggregate({ by: ['id'], measures: { n: 'count(*)' } })).to(lake({ table: 'orders' }))],
  });
  const plan = await compile(definition);
  const influences = new ColumnLineage(plan).influences(output(plan.nodes, 'orders'));
  expect(influences).toEqual([{ source: 'orders', column: 'id', by: 'grouping' }]);
});
