import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { OrderFormat } from './job.ts';

/** The generated data of the standard job. */
export interface OrderFiles {
  readonly orders: string;
  readonly products: string;
}

export interface GenerateOptions extends OrderFiles {
  readonly rows: number;
  readonly format: OrderFormat;
  readonly seed?: number;
}

const countries = ['DE', 'FR', 'US', 'GB', 'JP', 'BR', 'IN', 'ZA', 'AU', 'CA', 'ES', 'IT', 'SE', 'PL', 'MX', 'KR'];
const statuses = ['paid', 'paid', 'paid', 'shipped', 'shipped', 'returned', 'cancelled'];
const channels = ['web', 'app', 'store', 'phone'];
export const columns = [
  'order_id',
  'customer',
  'email',
  'product',
  'quantity',
  'unit_price',
  'discount',
  'currency',
  'country',
  'channel',
  'status',
  'placed',
  'updated',
  'note',
] as const;

/**
 * Writes orders of which one in a hundred is dirty (a wrong type, a missing field, a copy of an earlier order, a ragged
 * row), and a lookup of 10,000 products. The same seed gives the same bytes.
 */
export async function generate({ rows, format, orders, products, seed = 42 }: GenerateOptions): Promise<void> {
  const random = mulberry(seed);
  const lookup = createWriteStream(products);
  lookup.write('sku,category,supplier\n');
  for (let index = 0; index < 10_000; index++)
    lookup.write(`P${String(index).padStart(5, '0')},category ${index % 37},supplier ${index % 211}\n`);
  lookup.end();
  await once(lookup, 'finish');

  const output = createWriteStream(orders, { highWaterMark: 4 * 1024 * 1024 });
  if (format === 'csv') output.write(`${columns.join(',')}\n`);
  let block = '';
  for (let index = 0; index < rows; index++) {
    block += format === 'csv' ? csvLine(index, random) : ndjsonLine(index, random);
    if (block.length > 1024 * 1024) {
      if (!output.write(block)) await once(output, 'drain');
      block = '';
    }
  }
  output.end(block);
  await once(output, 'finish');
}

function order(index: number, random: () => number): string[] {
  const id = random() < 0.003 && index > 100 ? Math.floor(random() * index) : index;
  const day = 1 + Math.floor(random() * 28);
  const second = Math.floor(random() * 86_400);
  const time = new Date(Date.UTC(2026, 0, day) + second * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const later = new Date(Date.UTC(2026, 0, day) + (second + Math.floor(random() * 500_000)) * 1000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
  const customer = Math.floor(random() * 200_000);
  return [
    `${1_000_000_000 + id}`,
    `${customer}`,
    `customer.${customer}@example.com`,
    `P${String(Math.floor(random() * 10_000)).padStart(5, '0')}`,
    `${1 + Math.floor(random() * 9)}`,
    (1 + random() * 500).toFixed(2),
    (Math.floor(random() * 30) / 100).toFixed(2),
    'EUR',
    countries[Math.floor(random() * countries.length)]!,
    channels[Math.floor(random() * channels.length)]!,
    statuses[Math.floor(random() * statuses.length)]!,
    time,
    later,
    `a note of some length about order ${index}`,
  ];
}

/** Spoils one value, or says that the row is to lose its end. */
function spoil(fields: string[], random: () => number): 'ragged' | undefined {
  const dice = random();
  if (dice < 0.002) fields[4] = 'many';
  else if (dice < 0.004) fields[11] = '2026-02-31 10:00:00';
  else if (dice < 0.006) fields[3] = '';
  else if (dice < 0.007) return 'ragged';
  return undefined;
}

function csvLine(index: number, random: () => number): string {
  const fields = order(index, random);
  return spoil(fields, random) === 'ragged' ? `${fields.slice(0, 6).join(',')}\n` : `${fields.join(',')}\n`;
}

function ndjsonLine(index: number, random: () => number): string {
  const fields = order(index, random);
  const line = spoil(fields, random) === 'ragged' ? '{"order_id": 1, "customer"' : undefined;
  if (line) return `${line}\n`;
  const numbers = new Set(['order_id', 'customer', 'quantity', 'unit_price', 'discount']);
  const entries = columns.map((name, at) => [
    name,
    fields[at] === '' ? null : numbers.has(name) && !Number.isNaN(Number(fields[at])) ? Number(fields[at]) : fields[at],
  ]);
  return `${JSON.stringify(Object.fromEntries(entries))}\n`;
}

/** A small generator of numbers from 0 to 1 that is the same everywhere. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
