import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { TestProject } from './project.ts';

/** `penstock local` in a process of its own, on a free port. */
export class LocalProcess {
  /** What it has written since it was started. */
  said = '';
  readonly #project: TestProject;
  #child: ChildProcess | undefined;

  constructor(project: TestProject) {
    this.#project = project;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** Resolves once it is up. */
  async start(): Promise<void> {
    this.said = '';
    const child = this.#project.start('local', '--port', '0');
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        this.said += data;
      });
    while (!this.said.includes('Ctrl-C stops.')) {
      if (child.exitCode !== null) throw new Error(`penstock local ended with ${child.exitCode}: ${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Asks it to end, as Ctrl-C does. Resolves to its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    return closed;
  }

  /** It and the processes that it has started for functions, as far as the system tells of those. */
  processes(): number[] {
    const list = `/proc/${this.pid}/task/${this.pid}/children`;
    const children = existsSync(list) ? readFileSync(list, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
    return [this.pid, ...children];
  }
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
