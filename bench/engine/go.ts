import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestOf } from './digest.ts';
import type { JobOptions, JobResult } from './job.ts';

/** One go of a contender in a process of its own, so that its peak of memory is its own. */
export interface Go {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the whole process. */
  readonly peakBytes: number;
  /** What the process held before the job: the runtime, the code and the engine. */
  readonly baseBytes: number;
  /** Absent for the floor, which makes no tables. */
  readonly digest?: Digest;
}

/** Throws where the process fails, with the last that it said. */
export async function go(name: string, options: Omit<JobOptions, 'folder'>): Promise<Go> {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-bench-'));
  try {
    const job: JobOptions = { ...options, folder };
    await readThrough(options.orders);
    const ended = spawnSync(process.execPath, [join(import.meta.dirname, 'work.ts'), name, JSON.stringify(job)], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (ended.error) throw ended.error;
    if (ended.status !== 0) throw new Error(`${name} ended with ${ended.signal ?? ended.status}: ${why(ended.stderr)}`);
    const { result, milliseconds, cpuSeconds, peakBytes, baseBytes } = JSON.parse(ended.stdout);
    const digest = 'orders' in result ? await digestOf(result as JobResult) : undefined;
    return { seconds: milliseconds / 1000, cpuSeconds, peakBytes, baseBytes, ...(digest && { digest }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** So that the machine has all of it in memory: it lets go of what was not read for some seconds, and a go is not to tell of the disk. */
async function readThrough(path: string): Promise<void> {
  for await (const _ of createReadStream(path, { highWaterMark: 8 * 1024 * 1024 }));
}

/** The message of an error that ended a process, which stands above its stack. */
function why(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  return (
    lines.find((line) => /^\[?\w*Error\b/.test(line)) ?? lines.filter((line) => line !== '').at(-1) ?? 'it said nothing'
  );
}
