import fc from 'fast-check';
import { beforeAll, test } from 'vitest';
import * as z from 'zod';
import {
  aggregate,
  complete,
  deduplicate,
  derive,
  enrich,
  filter,
  from,
  lake,
  map,
  pipeline,
  s3,
  sanitize,
  unique,
  validate,
  within,
} from '../../lib/index.ts';
import { runs } from '../fixtures/depth.ts';
import { expectSameWhateverTheCut } from '../fixtures/engine/any-cut.ts';
import { type Compiled, compiled } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

/** Every form of step, two meetings, rejects before and after them, filters, a partitioned table and three outputs. */
const orders = from(
  s3({ prefix: 'landing/orders/', format: 'csv' }),
  z.object({
    id: z.string().min(1),
    city: z.string().nullable(),
    amount: z.int().max(90),
    seen: z.iso.datetime(),
  }),
);
const cities = from(s3({ key: 'reference/cities.csv' }), z.object({ name: z.string(), country: z.string() }));
const clean = orders.pipe(
  sanitize(),
  filter('amount <> 7', { rule: 'sevens' }),
  derive({ day: 'seen::DATE', square: 'amount::HUGEINT * amount' }),
  deduplicate({ key: ['id'], keep: 'latest', by: 'seen' }),
  enrich({ with: cities, on: 'city = name', take: ['country'], unmatched: 'reject' }),
  validate({ 'not too small': { column: 'amount', holds: 'amount > -5' } }),
);
const byCountry = clean.pipe(
  aggregate({ by: ['country', 'day'], measures: { orders: 'count(*)', total: 'sum(square)', most: 'max(amount)' } }),
);
const named = byCountry.pipe(
  map(
    z.object({ label: z.string(), total: z.bigint(), orders: z.int().max(3) }),
    ({ country, day, total, orders: count }) => ({
      label: `${country} ${day}`,
      total,
      orders: count,
    }),
  ),
);
const definition = pipeline('random', {
  quality: [complete('city'), unique(['city', 'day']), within('amount', 0, 50), within('orders', 1, 2)],
  outputs: [
    clean.to(lake({ table: 'orders', partitionBy: ['country'] })),
    byCountry.to(lake({ table: 'countries' })),
    named.to(lake({ table: 'labels' })),
  ],
});

let code: Compiled;
beforeAll(async () => {
  code = await compiled(definition);
});

const record = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', ' e ', '', 'f', '日本'),
  city: fc.constantFrom('Aachen', 'Berlin', 'Ulm', 'N/A', '', ' Berlin '),
  amount: fc.oneof(fc.integer({ min: -10, max: 100 }).map(String), fc.constantFrom('7', 'x', '', '1.5')),
  seen: fc.constantFrom('2001-01-01', '2001-01-01 10:00:00', '2001-01-02T00:00:00+02:00', '2001-02-30', ''),
});
const lineOf = ({ id, city, amount, seen }: { id: string; city: string; amount: string; seen: string }) =>
  `${id},${city},${amount},${seen}\n`;
const broken = fc.constantFrom('"\n', 'a,b\n', 'a,b,c,d,e\n');
const line = fc.oneof({ weight: 20, arbitrary: record.map(lineOf) }, { weight: 1, arbitrary: broken });
const files = fc.array(fc.array(line, { maxLength: 12 }), { minLength: 1, maxLength: 5 });

test('any cut of any files into chunks and partitions gives the rows, rejects and counts of one chunk', async () => {
  const inputsOf = (texts: readonly (readonly string[])[]) => ({
    orders: texts.map((lines, index) => ({
      path: scratchFile('input-0', `id,city,amount,seen\n${lines.join('')}`),
      key: `landing/orders/${index}.csv`,
    })),
    cities: [{ path: scratchFile('input-0', 'name,country\nAachen,de\nBerlin,de\n') }],
  });
  await expectSameWhateverTheCut({ code, files, inputsOf }, runs({ some: 3, all: 20 }));
}, 120_000);
