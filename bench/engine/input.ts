import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { OrderFormat } from './job.ts';
import { generate, type OrderFiles } from './orders.ts';

/** The generated input, kept for the next bench: ten million rows take a minute and a half to make. */
export async function inputOf(rows: number, format: OrderFormat): Promise<OrderFiles> {
  const folder = join(tmpdir(), 'penstock-bench-input');
  mkdirSync(folder, { recursive: true });
  const files = { orders: join(folder, `orders-${rows}.${format}`), products: join(folder, 'products.csv') };
  if (existsSync(files.orders) && existsSync(files.products)) return files;
  const unfinished = `${files.orders}.unfinished`;
  if (format === 'parquet') await asParquet((await inputOf(rows, 'csv')).orders, unfinished);
  else await generate({ rows, format, orders: unfinished, products: files.products });
  renameSync(unfinished, files.orders);
  return files;
}

/** Parquet holds what can be typed; what cannot is NULL there, so that its rows are as dirty as they were. */
async function asParquet(csv: string, to: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
  const connection = await instance.connect();
  const typed = ['order_id', 'customer', 'quantity'].map((name) => `TRY_CAST(${name} AS BIGINT) AS ${name}`);
  const doubles = ['unit_price', 'discount'].map((name) => `TRY_CAST(${name} AS DOUBLE) AS ${name}`);
  const times = ['placed', 'updated'].map((name) => `TRY_CAST(${name} AS TIMESTAMP) AS ${name}`);
  await connection.run(
    `COPY (SELECT * REPLACE (${[...typed, ...doubles, ...times].join(', ')}) FROM read_csv('${csv}', all_varchar = true, null_padding = true)) TO '${to}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
}
