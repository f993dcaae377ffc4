import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../lib/compiler/index.ts';
import { captureReference, executeChunk } from '../../lib/engine/index.ts';
import { connectors } from '../../lib/registry/connectors.ts';
import { operators } from '../../lib/registry/operators.ts';
import type { JobOptions, JobResult } from './job.ts';
import { ordersPipeline } from './orders-pipeline.ts';

/** The standard job through the engine: the reference captured, then one chunk that runs all stages. */
export async function penstock({
  orders,
  products,
  folder,
  format,
  threads,
  memoryMegabytes,
}: JobOptions): Promise<JobResult> {
  const plan = await compile(ordersPipeline(format));
  const common = { plan, components: { ...operators, ...connectors }, memoryMegabytes, threads };
  for (const name of ['reference', 'chunk']) mkdirSync(join(folder, name));
  const reference = await captureReference({
    ...common,
    node: 'products',
    inputs: [{ path: products, key: 'reference/products.csv', of: 'products', file: 0 }],
    at: 0,
    workFolder: join(folder, 'reference'),
  });
  const result = await executeChunk({
    ...common,
    stage: 'process',
    chunk: '000000',
    solo: true,
    inputs: [{ path: orders, key: 'landing/orders/orders', of: 'orders', file: 0 }],
    references: { products: reference.path },
    partitions: 1,
    at: 0,
    workFolder: join(folder, 'chunk'),
  });
  if (process.env.BENCH_PHASES)
    console.error(
      result.milliseconds,
      result.steps.map((step) => [step.node, step.rowsIn, step.rowsOut, step.rejected]),
    );
  return {
    ordersFiles: join(folder, 'chunk/tables/orders/**/*.parquet'),
    salesFiles: join(folder, 'chunk/tables/sales/*.parquet'),
  };
}
