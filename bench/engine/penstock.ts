import { copyFileSync, linkSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compile } from '../../lib/compiler/index.ts';
import { usualChunkBytes } from '../../lib/core/chunk-bytes.ts';
import { connectors } from '../../lib/registry/connectors.ts';
import { operators } from '../../lib/registry/operators.ts';
import { assess } from '../../lib/runtime/assess/assess.ts';
import { duckdbEngine } from '../../lib/runtime/duckdb-engine.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { Ports } from '../../lib/runtime/ports/ports.ts';
import { memoryPorts } from '../../test/fixtures/ports/memory-ports.ts';
import { manual, runChunks, stageInput } from '../../test/fixtures/run-machine.ts';
import { FolderStore } from './folder-store.ts';
import type { Contender, JobOptions } from './job.ts';
import { ordersPipeline } from './orders-pipeline.ts';

/**
 * The standard job by the handlers that the functions call, from Extract to the quality report of Assess, one chunk after
 * the other. The plan is compiled before: a worker is deployed with it.
 */
export const penstock: Contender = async (options) => {
  const { threads, memoryMegabytes, folder } = options;
  const plan = await compile(ordersPipeline(options.format));
  const { size } = statSync(options.orders);
  const chunkBytes =
    options.chunks === 'planned' ? usualChunkBytes(memoryMegabytes) : Math.ceil((size / options.chunks) * 1.01);
  const code = {
    plan: { ...plan, resources: { ...plan.resources, workerMemoryMegabytes: memoryMegabytes, chunkBytes } },
    components: { ...operators, ...connectors },
    functions: {},
  };
  const objects = lake(options);
  const surroundings = memoryPorts();
  const ports: Ports = { ...surroundings, objects, engine: duckdbEngine, machine: { memoryMegabytes, threads } };
  const input = stageInput(code, manual());
  await duckdbEngine.inspectFile({ path: options.orders, key: '' }).catch(() => undefined);
  return async () => {
    await initialize(ports, code, input);
    const extracted = await extract(ports, code, input);
    await runChunks(ports, code, input, extracted);
    const failed = await surroundings.runs.chunkFailures(input.run);
    if (failed.length > 0) throw new Error(failed[0]!.cause);
    await assess(ports, code, input);
    const data = (table: string) => join(folder, `lake/curated/${table}/data/**/*.parquet`);
    return {
      orders: data('orders'),
      sales: data('sales'),
      rejects: {
        files: join(folder, 'lake/rejects/**/*.parquet'),
        record: '"row"',
        column: `coalesce("column", 'record')`,
      },
    };
  };
};

function lake({ folder, orders, products }: JobOptions): FolderStore {
  const store = new FolderStore(join(folder, 'lake'));
  for (const [key, path] of [
    ['landing/orders/orders', orders],
    ['reference/products.csv', products],
  ] as const) {
    mkdirSync(dirname(store.path(key)), { recursive: true });
    try {
      linkSync(path, store.path(key));
    } catch {
      copyFileSync(path, store.path(key));
    }
  }
  return store;
}
