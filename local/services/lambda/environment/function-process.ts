import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { folderBytes } from './folder-bytes.ts';
import { readFrames, readLines } from './message-reader.ts';
import { killGroup, type ProcessGuard } from './process-guard.ts';
import { residentBytes } from './resident-bytes.ts';

export interface ProcessOptions {
  readonly guard: ProcessGuard;
  readonly variables: Readonly<Record<string, string>>;
  /** The process starts in it, and it is what `EphemeralStorage` bounds. */
  readonly folder: string;
  readonly memoryMegabytes: number;
  readonly storageMegabytes: number;
}

export type KillReason = 'timeout' | 'memory' | 'storage' | 'retired';

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly killedFor?: KillReason;
}

export interface ProcessListener {
  /** One log message. */
  message(text: string): void;
  /** Called once, when the process and all that it printed are through. */
  ended(end: ProcessEnd): void;
}

/** Looking into `/proc` costs microseconds, running `ps` milliseconds. */
const sampleMilliseconds = process.platform === 'linux' ? 100 : 1000;
/** Walking through a folder costs far more than that; disks fill more slowly than memory. */
const samplesPerStorageLook = 5;
const bootstrap = join(import.meta.dirname, 'bootstrap.cjs');
const bytesPerMegabyte = 1024 * 1024;

/** The process of one execution environment: what it prints, what it takes, and its end. */
export class FunctionProcess {
  /** The most memory that was seen so far. */
  peakBytes = 0;
  readonly #options: ProcessOptions;
  readonly #child: ChildProcess;
  #killedFor: KillReason | undefined;
  #sampler: NodeJS.Timeout | undefined;
  #samples = 0;

  private constructor(options: ProcessOptions, child: ChildProcess) {
    this.#options = options;
    this.#child = child;
  }

  /** Resolves when the process runs. Rejects where the machine cannot start it. */
  static async start(options: ProcessOptions, listener: ProcessListener): Promise<FunctionProcess> {
    const child = spawn(process.execPath, [...nodeFlags(options.memoryMegabytes), bootstrap], {
      cwd: options.folder,
      env: options.variables,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    await once(child, 'spawn');
    const started = new FunctionProcess(options, child);
    options.guard.add(child.pid!);
    readLines(child.stdout!, listener.message);
    readLines(child.stderr!, listener.message);
    readFrames(child.stdio[3] as Readable, listener.message);
    child.once('exit', () => killGroup(child.pid!));
    child.once('close', (code, signal) => {
      clearTimeout(started.#sampler);
      options.guard.remove(child.pid!);
      listener.ended({ code, signal, killedFor: started.#killedFor });
    });
    started.watch();
    return started;
  }

  /** Ends the process and all that it has started. The first reason stays. */
  kill(reason: KillReason): void {
    this.#killedFor ??= reason;
    killGroup(this.#child.pid!);
  }

  /** Ends the process as if it had done so by itself. */
  crash(): void {
    killGroup(this.#child.pid!);
  }

  /** Begins to look at what the process takes. In the machine's time: it grows whatever the cloud's clock says. */
  watch(): void {
    if (!this.#sampler) this.#sample();
  }

  /** Ends that: Lambda freezes what has nothing to do, and there may be many of them. */
  rest(): void {
    clearTimeout(this.#sampler);
    this.#sampler = undefined;
  }

  #sample(): void {
    const sampler = setTimeout(async () => {
      const { folder, memoryMegabytes, storageMegabytes } = this.#options;
      const looksAtStorage = this.#samples++ % samplesPerStorageLook === 0;
      const [memory, storage] = await Promise.all([
        residentBytes(this.#child.pid!),
        looksAtStorage ? folderBytes(folder) : 0,
      ]);
      this.peakBytes = Math.max(this.peakBytes, memory);
      if (memory > memoryMegabytes * bytesPerMegabyte) this.kill('memory');
      else if (storage > storageMegabytes * bytesPerMegabyte) this.kill('storage');
      else if (this.#sampler === sampler && this.#child.exitCode === null && this.#child.signalCode === null)
        this.#sample();
    }, sampleMilliseconds).unref();
    this.#sampler = sampler;
  }
}

/** As Lambda starts Node: a twentieth of the memory for young objects twice, nine tenths for old ones. */
function nodeFlags(megabytes: number): string[] {
  const young = Math.floor(megabytes / 10);
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(young / 2)}`,
    `--max-old-space-size=${megabytes - young}`,
  ];
}
