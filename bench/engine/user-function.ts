import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { userFunctions } from '../../lib/definition/index.ts';
import { executeChunk } from '../../lib/engine/index.ts';
import { from, lake, map, pipeline, s3 } from '../../lib/index.ts';
import { connectors } from '../../lib/registry/connectors.ts';
import { operators } from '../../lib/registry/operators.ts';

const rows = 1_000_000;

/** Rows a second through a simple user function, out of DuckDB and in again: on one core, as JavaScript has one thread. */
export async function measureUserFunction() {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-bench-'));
  try {
    const path = join(folder, 'input.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT range AS id, range % 1000 / 10.0::DOUBLE AS price FROM range(${rows})) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    const definition = pipeline('priced', {
      outputs: [
        from(s3({ prefix: 'landing/priced/', format: 'parquet' }), z.object({ id: z.int(), price: z.number() }))
          .pipe(
            map(z.object({ id: z.int(), cents: z.int() }), ({ id, price }) => ({ id, cents: Math.round(price * 100) })),
          )
          .to(lake({ table: 'priced' })),
      ],
    });
    const plan = await compile(definition);
    const step = plan.nodes.find(({ kind }) => kind === 'step')!.id;
    const workFolder = join(folder, 'work');
    mkdirSync(workFolder);
    const before = process.cpuUsage();
    const { milliseconds } = await executeChunk({
      plan,
      components: { ...connectors, ...operators },
      functions: userFunctions(definition),
      stage: 'process',
      chunk: '000000',
      solo: true,
      inputs: [{ path, key: 'landing/priced/input.parquet', of: 'priced', file: 0 }],
      references: {},
      partitions: 1,
      workFolder,
      memoryMegabytes: 1769,
      threads: 1,
      at: 0,
    });
    const { user, system } = process.cpuUsage(before);
    const seconds = milliseconds[step]! / 1000;
    return { rows, seconds, cpuSeconds: (user + system) / 1e6, rowsPerSecond: Math.round(rows / seconds) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
