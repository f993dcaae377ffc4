import { expect, it } from 'vitest';
import { lineageOf } from '../../lib/cli/lineage.ts';
import { compile } from '../../lib/compiler/index.ts';

it('names the columns of sources that each published column is made of, through joins and groups', async () => {
  const plan = await compile((await import('../../pipelines/flights.ts')).default);
  const { flights, flight_delays: delays } = lineageOf(plan);
  expect(flights).toMatchObject({
    date: ['flights.date'],
    day: ['flights.date'],
    late: ['flights.delay'],
    city: ['airports.city'],
  });
  expect(delays).toMatchObject({ day: ['flights.date'], origin: ['flights.origin'], meanDelay: ['flights.delay'] });
  const columns = plan.nodes.flatMap((node) => (node.kind === 'output' ? node.columns : []));
  expect(Object.keys({ ...flights, ...delays }).sort()).toEqual([...new Set(columns.map(({ name }) => name))].sort());
});
