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
import { median } from '../median.ts';

const rows = 1_000_000;

/**
 * A simple user function over a chunk with one thread: the time of its step, out of DuckDB and in again, and what the whole
 * chunk costs, reading, checking and writing included, which depends least on what else the machine does.
 */
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
    const goes: { seconds: number; cpuSeconds: number }[] = [];
    for (let round = 0; round < 5; round++) goes.push(await goOf(round));
    const seconds = median(goes.map((one) => one.seconds));
    const cpuSeconds = median(goes.map((one) => one.cpuSeconds));
    return {
      rows,
      seconds,
      rowsPerSecond: Math.round(rows / seconds),
      cpuSeconds,
      rowsPerCpuSecond: Math.round(rows / cpuSeconds),
    };

    async function goOf(round: number) {
      const workFolder = join(folder, `work-${round}`);
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
      return { seconds: milliseconds[step]! / 1000, cpuSeconds: (user + system) / 1e6 };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
