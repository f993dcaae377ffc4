import fc from 'fast-check';
import { beforeAll, test } from 'vitest';
import * as z from 'zod';
import {
  aggregate,
  cast,
  deduplicate,
  derive,
  explode,
  flatten,
  from,
  lake,
  mask,
  parse,
  pipeline,
  route,
  s3,
  sample,
  split,
} from '../../lib/index.ts';
import { runs } from '../fixtures/depth.ts';
import { expectSameWhateverTheCut } from '../fixtures/engine/any-cut.ts';
import { type Compiled, compiled } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

/** Rows that become several, twice; rejects, expressions that fail, filters and meetings behind that; and routes that take them apart. */
const baskets = from(
  s3({ prefix: 'landing/baskets/', format: 'ndjson' }),
  z.object({ id: z.int(), who: z.string(), items: z.string().nullable() }),
);
const items = baskets.pipe(
  parse({ items: { as: 'json', to: [{ sku: 'VARCHAR', amount: 'VARCHAR', marks: 'VARCHAR' }] } }),
  explode('items', { position: 'line' }),
  flatten({ prefix: false }),
  split('marks', { by: ',' }),
  explode('marks', { empty: 'drop', as: 'mark' }),
  derive({ size: "nullif(regexp_extract(coalesce(mark, ''), '[0-9].*'), '')::INTEGER" }),
  parse({ amount: { as: 'number', type: 'DECIMAL(6,2)', locale: 'de' } }),
  mask({ who: { method: 'hash', secret: 'ssm:/key' } }),
);
const routes = { dear: 'amount > 50 AND coalesce(mark, who)::VARCHAR <> who', free: 'amount = 0 OR sku::INTEGER > 1' };
const [dear, free, others] = ['dear', 'free', 'otherwise'].map((to) => items.pipe(route(routes, to)));
const definition = pipeline('random', {
  outputs: [
    dear!.pipe(deduplicate({ key: ['sku', 'mark'] })).to(lake({ table: 'dear' })),
    free!.pipe(sample({ count: 2, by: ['mark'] })).to(lake({ table: 'free' })),
    others!.pipe(sample({ share: 0.5, by: ['sku'] }), derive({ half: 'amount / 2' })).to(lake({ table: 'others' })),
    others!
      .pipe(cast({ amount: 'INTEGER' }), aggregate({ by: ['mark'], measures: { n: 'count(*)', all: 'sum(amount)' } }))
      .to(lake({ table: 'marks' })),
  ],
});

let code: Compiled;
beforeAll(async () => {
  code = await compiled(definition);
});

const item = fc.record({
  sku: fc.constantFrom('1', '2', '3', "it's", '日本'),
  amount: fc.constantFrom('0', '0', '12,50', '99,99', '(3)', '1.000', '7', 'x', null),
  marks: fc.constantFrom('new', 'new,red', 'red,new,red', '38,39x,new', '39x', '', null),
});
const basket = fc.record({
  id: fc.nat({ max: 9 }),
  who: fc.constantFrom('ada', 'bob'),
  items: fc.oneof(
    { weight: 8, arbitrary: fc.array(item, { maxLength: 4 }).map((list) => JSON.stringify(list)) },
    { weight: 1, arbitrary: fc.constantFrom(null, '{}', 'no JSON', '[{"amount": []}]') },
  ),
});
const files = fc.array(fc.array(basket, { maxLength: 8 }), { minLength: 1, maxLength: 4 });

test('any cut gives the rows, rejects and counts of one chunk, where rows are multiplied, routed and drawn', async () => {
  const inputsOf = (texts: readonly (readonly object[])[]) => ({
    baskets: texts.map((rows, index) => ({
      path: scratchFile('input-0', rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
      key: `landing/baskets/${index}.ndjson`,
    })),
  });
  await expectSameWhateverTheCut({ code, files, inputsOf }, runs({ some: 3, all: 20 }));
}, 120_000);
