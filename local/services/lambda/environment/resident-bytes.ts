import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** The memory that a process holds, in bytes; 0 once it is gone. */
export async function residentBytes(pid: number): Promise<number> {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** At once: the kernel writes what is asked for there from memory, in a fraction of the time that a thread's turn takes. */
function fromProc(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}

async function fromPs(pid: number): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
    return Number(stdout.trim()) * 1024;
  } catch {
    // `ps` fails where the process does not exist any more.
    return 0;
  }
}
