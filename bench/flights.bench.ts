import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropFile } from '../lib/cli/drop-file.ts';
import { Platform } from '../lib/cli/platform.ts';
import { addressOf } from '../lib/cli/platform-address.ts';
import { Printer } from '../lib/cli/print.ts';
import { runOfVersion } from '../lib/cli/runs-of-files.ts';
import { samplePath } from '../lib/cli/sample-files.ts';
import { watchRuns } from '../lib/cli/watch-runs.ts';
import { compile } from '../lib/compiler/index.ts';
import { synthesize } from '../lib/infra/index.ts';
import { startLocal } from '../local/index.ts';
import flights from '../pipelines/flights.ts';
import { median } from './median.ts';
import type { BenchOption, BenchOptions } from './options.ts';

interface Go {
  readonly flights: number;
  readonly delays: number;
  readonly milliseconds: number;
  readonly peakBytes: number;
  readonly cpuSeconds: number;
}

export const takes: readonly BenchOption[] = ['repeat', 'threads'];

/**
 * The flights pipeline (3 million rows) three ways, interleaved: as one hand-written DuckDB script, through the engine
 * alone, and as a whole run on local AWS from the dropped file to Completed.
 */
export async function measure({ repeat = 5, threads = 2 }: Partial<BenchOptions>) {
  const goes: Record<'byHand' | 'engine', Go[]> = { byHand: [], engine: [] };
  const runs: number[] = [];
  const app = await startPlatform();
  try {
    for (let round = 0; round < repeat; round++) {
      goes.byHand.push(go('by-hand', threads));
      goes.engine.push(go('engine', threads));
      runs.push(await app.run(round));
    }
  } finally {
    await app.close();
  }
  const equalResults = goes.engine.every(
    (one, round) => one.flights === goes.byHand[round]!.flights && one.delays === goes.byHand[round]!.delays,
  );
  const seconds = (values: readonly number[]) => Number((median(values) / 1000).toFixed(3));
  const byHand = seconds(goes.byHand.map((one) => one.milliseconds));
  const engine = seconds(goes.engine.map((one) => one.milliseconds));
  const firstRun = Number((runs[0]! / 1000).toFixed(3));
  const warmRun = seconds(runs.slice(1));
  const engines = [
    { name: 'by hand', seconds: byHand, ...work(goes.byHand) },
    { name: 'engine', seconds: engine, ...work(goes.engine) },
    { name: 'whole run, cold', seconds: firstRun },
    { name: 'whole run, warm', seconds: warmRun },
  ];
  const document = {
    rows: 3_000_000,
    threads,
    repeat,
    equalResults,
    ratioToHandWritten: Number((engine / byHand).toFixed(2)),
    wholeRunColdRatio: Number((firstRun / byHand).toFixed(2)),
    wholeRunWarmRatio: Number((warmRun / byHand).toFixed(2)),
    engines,
  };
  console.table(engines);
  console.log(
    `engine ÷ by hand ${document.ratioToHandWritten} (target 1.5), whole run ÷ by hand ${document.wholeRunColdRatio} cold, ${document.wholeRunWarmRatio} warm (target 2.5), equal results: ${equalResults}`,
  );
  return document;
}

function work(goes: readonly Go[]) {
  return {
    cpuSeconds: Number(median(goes.map((one) => one.cpuSeconds)).toFixed(2)),
    peakBytes: median(goes.map((one) => one.peakBytes)),
    rowsPerSecond: Math.round(3_000_000 / (median(goes.map((one) => one.milliseconds)) / 1000)),
  };
}

function go(which: 'engine' | 'by-hand', threads: number): Go {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-bench-'));
  try {
    for (const name of ['reference', 'chunk']) mkdirSync(join(folder, name));
    return JSON.parse(
      execFileSync(process.execPath, [join(import.meta.dirname, 'flights-work.ts'), which, folder, String(threads)], {
        encoding: 'utf8',
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startPlatform() {
  const outdir = mkdtempSync(join(tmpdir(), 'penstock-bench-out-'));
  const file = join(import.meta.dirname, '../pipelines/flights.ts');
  await synthesize({ pipelines: [{ file, plan: await compile(flights) }], outdir });
  const app = await startLocal({ cloudAssembly: outdir });
  const platform = new Platform(addressOf(app));
  await dropFile(platform, samplePath('airports.csv'), 'reference/airports.csv');
  const quiet = new Printer(process.stdout, true);
  return {
    async run(round: number): Promise<number> {
      const key = `landing/flights/round-${round}.parquet`;
      const start = performance.now();
      const versionId = await dropFile(platform, samplePath('flights-3m.parquet'), key);
      const run = await runOfVersion(platform, { pipeline: 'flights', key, versionId });
      const [ended] = await watchRuns(platform, [run], quiet);
      if (ended!.state !== 'Completed')
        throw new Error(`run ${run.run} ended as ${ended!.state}: ${ended!.failure?.message}`);
      return performance.now() - start;
    },
    async close() {
      await app.close();
      rmSync(outdir, { recursive: true, force: true });
    },
  };
}
