import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

export async function go(name: string, options: Omit<JobOptions, 'folder'>): Promise<Go> {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-bench-'));
  try {
    const job: JobOptions = { ...options, folder };
    const output = execFileSync(process.execPath, [join(import.meta.dirname, 'work.ts'), name, JSON.stringify(job)], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const { result, milliseconds, cpuSeconds, peakBytes, baseBytes } = JSON.parse(output);
    const digest = 'orders' in result ? await digestOf(result as JobResult) : undefined;
    return { seconds: milliseconds / 1000, cpuSeconds, peakBytes, baseBytes, ...(digest && { digest }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
