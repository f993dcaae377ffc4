import { concurrently } from '../../lib/core/concurrently.ts';
import { BenchApp } from './bench-app.ts';
import { csvFile, rowsPipeline, tableOf } from './rows-pipeline.ts';

const rows = 100;
/** As many as a client of AWS opens by itself. */
const connections = 50;

/** What came of many runs at once. */
export interface ManyRuns {
  readonly runs: number;
  readonly rows: number;
  /** Rows that were dropped and are in no table. */
  readonly lostRows: number;
  /** From the first drop to the end of the last run. */
  readonly seconds: number;
  readonly runsPerSecond: number;
  /** Of all processes together. */
  readonly peakMegabytes: number;
}

/** Drops so many files of 100 rows at once, an equal share of them for each of so many pipelines. */
export async function measureMany({ files, pipelines }: Record<'files' | 'pipelines', number>): Promise<ManyRuns> {
  const names = Array.from({ length: pipelines }, (_, index) => `rows-${index}`);
  const app = await BenchApp.start(names.map((name) => rowsPipeline(name)));
  try {
    app.memory.take();
    const begun = performance.now();
    await concurrently([...Array(files).keys()], connections, (index) =>
      app.drop(`landing/${names[index % pipelines]}/${index}.csv`, csvFile(rows)),
    );
    const runs = await app.completed(files);
    const seconds = (performance.now() - begun) / 1000;
    const published = await Promise.all(names.map((name) => app.rowsOf(tableOf(name))));
    return {
      runs: runs.length,
      rows: files * rows,
      lostRows: files * rows - published.reduce((sum, one) => sum + one, 0),
      seconds,
      runsPerSecond: files / seconds,
      peakMegabytes: app.memory.take(),
    };
  } finally {
    await app.close();
  }
}
