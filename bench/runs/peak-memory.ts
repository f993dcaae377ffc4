import { readdirSync, readFileSync } from 'node:fs';

/** A look takes milliseconds, and what is measured besides is time of the processor. */
const everyMilliseconds = 2000;
const pageBytes = 4096;

/**
 * The most memory that this process and those below it have held together, as far as looks now and then show it. What
 * they map of files, such as the code of Node, is not counted, for they share it. On Linux only.
 */
export class PeakMemory {
  readonly #timer = setInterval(() => this.#look(), everyMilliseconds).unref();
  #bytes = 0;

  /** Megabytes since the last call. */
  take(): number {
    this.#look();
    const megabytes = Math.round(this.#bytes / 1e6);
    this.#bytes = 0;
    return megabytes;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    this.#bytes = Math.max(this.#bytes, bytesOf(String(process.pid)));
  }
}

function bytesOf(pid: string): number {
  try {
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    const own = (resident! - shared!) * pageBytes;
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    );
    return children.reduce((sum, child) => sum + bytesOf(child), own);
  } catch (error) {
    // It has ended between two looks.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}
