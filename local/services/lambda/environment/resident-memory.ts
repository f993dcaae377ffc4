import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export interface ResidentMemory {
  readonly bytes: number;
  /** The most that the process has held since it started; on systems without `/proc`, the most that was sampled. */
  readonly peakBytes: number;
}

/** What a process holds in memory now; undefined once it is gone. */
export async function residentMemory(pid: number): Promise<ResidentMemory | undefined> {
  if (process.platform === 'linux') return fromProc(pid);
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
    const bytes = Number(stdout.trim()) * 1024;
    return { bytes, peakBytes: bytes };
  } catch {
    // `ps` fails where the process does not exist any more.
    return undefined;
  }
}

function fromProc(pid: number): ResidentMemory | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  const kibibytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return { bytes: kibibytes('VmRSS') * 1024, peakBytes: kibibytes('VmHWM') * 1024 };
}
