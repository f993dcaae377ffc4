import { expect, test } from 'vitest';
import * as z from 'zod';
import { rulesOfRows } from '../../lib/cli/rules-of-rows.ts';
import { compile } from '../../lib/compiler/index.ts';
import { agrees, complete, drift, from, lake, pipeline, populated, references, s3, unique } from '../../lib/index.ts';

test('rows can be held for the rules that single rows break', async () => {
  const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), z.object({ id: z.int(), shop: z.string() }));
  const plan = await compile(
    pipeline('orders', {
      quality: [
        complete('shop'),
        populated(),
        agrees('count(*)', { table: 'shops', other: 'sum(orders)' }),
        unique(['id']),
        drift('shop'),
        references('shop', { table: 'shops', column: 'shop' }),
      ],
      outputs: [orders.to(lake({ table: 'orders' }))],
    }),
  );
  expect(rulesOfRows(plan)).toEqual(['1-complete', '4-unique', '6-references']);
});
