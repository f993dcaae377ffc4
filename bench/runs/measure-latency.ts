import { runOfVersion } from '../../lib/cli/runs-of-files.ts';
import { pipelines } from '../../test/faults/pipelines.ts';
import { median } from '../median.ts';
import { BenchApp } from './bench-app.ts';

const rows = 1000;
/** Environments are warm and tables exist after so many runs. */
const warmUp = 5;
const shortestWait = 5;

/** Milliseconds from the answer to PutObject. */
export interface Latency {
  readonly runs: number;
  readonly startedMedian: number;
  readonly startedP99: number;
  readonly completedMedian: number;
  readonly completedP99: number;
}

/** Drops one file of 1,000 rows after the other on local AWS, each when the run of the one before has ended. */
export async function measureLatency(runs: number): Promise<Latency> {
  const app = await BenchApp.start([pipelines.solo(0)]);
  try {
    const started: number[] = [];
    const completed: number[] = [];
    for (let index = -warmUp; index < runs; index++) {
      const one = await oneRun(app, index);
      if (index < 0) continue;
      started.push(one.started);
      completed.push(one.completed);
    }
    return {
      runs,
      startedMedian: median(started),
      startedP99: percentile(started, 0.99),
      completedMedian: median(completed),
      completedP99: percentile(completed, 0.99),
    };
  } finally {
    await app.close();
  }
}

async function oneRun(app: BenchApp, index: number): Promise<Record<'started' | 'completed', number>> {
  const { platform } = app;
  const key = `landing/solo/${index}.csv`;
  const lines = Array.from({ length: rows }, (_, row) => `${index * rows + row},Rome,${row + 1}\n`);
  const versionId = await app.drop(key, `id,city,n\n${lines.join('')}`);
  const dropped = Date.now();
  const { run } = await runOfVersion(platform, { pipeline: 'solo', key, versionId });
  for (;;) {
    const record = await platform.runs.find(run);
    if (record?.state === 'Completed')
      return { started: record.transitions[0]!.at - dropped, completed: record.endedAt! - dropped };
    if (record?.state === 'Failed' || record?.state === 'Cancelled')
      throw new Error(`run ${run} of ${key} is ${record.state}: ${record.failure?.message}`);
    await new Promise((resolve) => setTimeout(resolve, shortestWait));
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
