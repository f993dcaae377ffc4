import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends the processes of functions when this process dies without a word (`kill -9`): a shell holds the list of process
 * groups, and kills what is on it once its input closes. A function caught in an endless loop could not see that itself.
 */
export class ProcessGuard {
  readonly #groups = new Set<number>();
  #shell: ChildProcess | undefined;
  #closed = false;

  add(group: number): void {
    this.#groups.add(group);
    if (this.#shell) this.#tell(`+ ${group}`);
    else this.#start();
  }

  remove(group: number): void {
    this.#groups.delete(group);
    this.#tell(`- ${group}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const shell = this.#shell;
    if (!shell) return;
    shell.ref();
    const gone = new Promise((resolve) => shell.once('exit', resolve));
    shell.stdin!.end();
    await gone;
  }

  #start(): void {
    this.#shell = startShell();
    // Ended by somebody else, it is needed again.
    this.#shell.once('exit', () => {
      this.#shell = undefined;
      if (!this.#closed && this.#groups.size > 0) this.#start();
    });
    for (const group of this.#groups) this.#tell(`+ ${group}`);
  }

  #tell(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`);
  }
}

const script = `
groups=' '
while read -r verb group; do
  if [ "$verb" = + ]; then groups="$groups$group "; else groups="\${groups%% $group *} \${groups#* $group }"; fi
done
for group in $groups; do kill -9 "-$group"; done
`;

function startShell(): ChildProcess {
  // Detached: an interrupt from the terminal must not end the guard before it has done its work.
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  shell.stdin!.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return shell;
}

/** Ends a process and all that it started. A group that is gone already (EPERM where it is not reaped) is no error. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
