import * as z from 'zod';
import {
  aggregate,
  complete,
  deduplicate,
  derive,
  enrich,
  fileArrives,
  filter,
  from,
  lake,
  pipeline,
  s3,
  unique,
  within,
} from '../../lib/index.ts';
import type { OrderFormat } from './job.ts';

const order = z.object({
  order_id: z.int(),
  customer: z.int(),
  email: z.string(),
  product: z.string(),
  quantity: z.int().min(1),
  unit_price: z.number().min(0),
  discount: z.number().min(0).max(1),
  country: z.string().length(2),
  channel: z.string(),
  status: z.string(),
  placed: z.iso.datetime({ local: true }),
  updated: z.iso.datetime({ local: true }),
});
const product = z.object({ sku: z.string(), category: z.string(), supplier: z.string() });

/** The standard job over generated orders. */
export function ordersPipeline(format: OrderFormat) {
  const products = from(s3({ key: 'reference/products.csv' }), product);
  const orders = from(s3({ prefix: 'landing/orders/', format }), order).pipe(
    filter("status <> 'cancelled'", { rule: 'cancelled' }),
    derive({ day: 'placed::DATE', revenue: 'quantity * unit_price * (1 - discount)' }),
    deduplicate({ key: ['order_id'], keep: 'latest', by: 'updated' }),
    enrich({ with: products, on: 'product = sku', take: ['category', 'supplier'] }),
  );
  const sales = orders.pipe(
    aggregate({ by: ['day', 'country'], measures: { orders: 'count(*)', quantity: 'sum(quantity)' } }),
  );
  return pipeline('orders', {
    on: [fileArrives('landing/orders/')],
    quality: [complete('category'), unique(['order_id']), within('discount', 0, 0.5)],
    gate: { pass: 0.9 },
    outputs: [orders.to(lake({ table: 'orders', partitionBy: ['day'] })), sales.to(lake({ table: 'sales' }))],
  });
}
