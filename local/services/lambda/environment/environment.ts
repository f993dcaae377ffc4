import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Cloud } from '../../../service.ts';
import type { LambdaSettings } from '../lambda-options.ts';
import type { FunctionVersion } from '../state.ts';
import { LogStreamWriter } from './log-stream-writer.ts';
import { readFrames, readLines } from './message-reader.ts';
import { brokenOff, errorTypeOf, logTail, maxResponseBytes, type Outcome, tooLargeAnswer } from './outcome.ts';
import { killGroup, type ProcessGuard } from './process-guard.ts';
import { processVariables } from './process-variables.ts';
import { type InvocationReport, type PlatformLines, platformLines } from './report-lines.ts';
import { residentMemory } from './resident-memory.ts';
import { type Invocation, RuntimeApi } from './runtime-api.ts';

export interface EnvironmentSurroundings {
  readonly cloud: Cloud;
  readonly settings: LambdaSettings;
  readonly guard: ProcessGuard;
}

interface Running {
  readonly invocation: Invocation;
  readonly resolve: (outcome: Outcome | undefined) => void;
  readonly log: string[];
  startedAt: number;
  timer?: NodeJS.Timeout;
  delivered: boolean;
}

const initLimitMilliseconds = 10_000;
const memorySampleMilliseconds = 100;
const bootstrap = join(import.meta.dirname, 'bootstrap.cjs');

/** One execution environment: a process that serves one invocation at a time, and is used again while it is well. */
export class Environment {
  readonly version: FunctionVersion;
  /** Called when the environment has answered and can be given more, and when it is gone for good. */
  onChange: () => void = () => {};
  /** Resolves when the process runs; the first invocation may be given before the function has loaded. */
  readonly ready: Promise<void>;
  readonly #surroundings: EnvironmentSurroundings;
  readonly #lines: PlatformLines;
  readonly #log: LogStreamWriter;
  readonly #folder: string;
  readonly #logStream: string;
  readonly #gone = Promise.withResolvers<void>();
  #api: RuntimeApi | undefined;
  #child: ChildProcess | undefined;
  #spawnedAt = 0;
  #initDuration: number | undefined;
  #initReported = false;
  #initError: Buffer | undefined;
  #peakBytes = 0;
  #sampler: NodeJS.Timeout | undefined;
  #waiting = false;
  #running: Running | undefined;
  #killedFor: 'timeout' | 'memory' | 'retired' | undefined;
  #alive = true;

  constructor(version: FunctionVersion, surroundings: EnvironmentSurroundings) {
    const { cloud } = surroundings;
    this.version = version;
    this.#surroundings = surroundings;
    this.#lines = platformLines(version.configuration);
    this.#folder = join(cloud.store.folder('lambda-environments'), randomUUID());
    const day = new Date(cloud.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.#logStream = `${day}/[${version.configuration.Version}]${randomBytes(16).toString('hex')}`;
    this.#log = new LogStreamWriter(cloud, version, this.#logStream);
    this.ready = this.#start().catch((error) => {
      this.#ended(null, null);
      throw error;
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  async #start(): Promise<void> {
    this.#api = new RuntimeApi({
      idle: () => this.#becomeIdle(),
      answered: (requestId, body) => this.#answered(requestId, body, undefined),
      failed: (requestId, body) => this.#answered(requestId, body, errorTypeOf(body)),
      initFailed: (body) => {
        this.#initError = body;
      },
    });
    const runtimeApi = await this.#api.listen();
    mkdirSync(this.#folder, { recursive: true });
    this.#spawnedAt = performance.now();
    const child = spawn(process.execPath, [...nodeFlags(this.version.configuration.MemorySize), bootstrap], {
      cwd: this.#folder,
      env: processVariables(this.version, {
        ...this.#surroundings,
        runtimeApi,
        temporaryFolder: this.#folder,
        logStream: this.#logStream,
      }),
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    this.#surroundings.guard.add(child.pid!);
    const take = (message: string) => this.#write(message);
    readLines(child.stdout!, take);
    readLines(child.stderr!, take);
    readFrames(child.stdio[3] as Readable, take);
    child.once('exit', () => killGroup(child.pid!));
    child.once('close', (code, signal) => this.#ended(code, signal));
    this.#write(this.#lines.initStart(this.#now()));
    this.#sample();
  }

  /**
   * Runs one invocation, at once or as soon as the process asks for it. Never rejects: a failure is an outcome.
   * Undefined where a process that had served before ended without having taken the invocation: nothing of it has run.
   */
  invoke(invocation: Invocation): Promise<Outcome | undefined> {
    return new Promise((resolve) => {
      this.#running = { invocation, resolve, log: [], startedAt: performance.now(), delivered: false };
      if (this.#waiting) return this.#deliver();
      // Loading has ten seconds of its own, then it goes at the expense of the function's timeout.
      this.#limit(initLimitMilliseconds + this.version.configuration.Timeout * 1000);
    });
  }

  /** Ends the process and leaves nothing behind. */
  async stop(): Promise<void> {
    if (this.#alive) {
      this.#killedFor ??= 'retired';
      if (this.#child) killGroup(this.#child.pid!);
      else this.#ended(null, null);
    }
    await this.#gone.promise;
  }

  #now(): number {
    return this.#surroundings.cloud.clock.now();
  }

  #write(message: string): void {
    this.#log.write(message);
    this.#running?.log.push(message);
  }

  #becomeIdle(): void {
    this.#waiting = true;
    this.#initDuration ??= performance.now() - this.#spawnedAt;
    if (this.#running && !this.#running.delivered) this.#deliver();
  }

  #deliver(): void {
    const running = this.#running!;
    this.#waiting = false;
    running.delivered = true;
    clearTimeout(running.timer);
    this.#limit(this.version.configuration.Timeout * 1000);
    this.#write(this.#lines.start(this.#now(), running.invocation.requestId));
    running.startedAt = performance.now();
    // The process reads the deadline off its own clock, which is the machine's and not the cloud's.
    this.#api!.deliver(running.invocation, Date.now() + this.version.configuration.Timeout * 1000);
  }

  /** In the machine's time, as all that happens in a process. */
  #limit(milliseconds: number): void {
    this.#running!.timer = setTimeout(() => this.#kill('timeout'), milliseconds).unref();
  }

  #kill(reason: 'timeout' | 'memory'): void {
    this.#killedFor ??= reason;
    killGroup(this.#child!.pid!);
  }

  #answered(requestId: string, body: Buffer, errorType: string | undefined): void {
    if (this.#running?.invocation.requestId !== requestId) return;
    const duration = performance.now() - this.#running.startedAt;
    const tooLarge = errorType === undefined && body.length > maxResponseBytes;
    const payload = tooLarge ? tooLargeAnswer(body.length) : body;
    const type = tooLarge ? 'Function.ResponseSizeTooLarge' : errorType;
    this.#measure().then(() => this.#settle(payload, duration, type ? 'error' : 'success', type));
  }

  /** What was written before the answer has arrived before it, but may not have been read yet: one turn of the loop does. */
  async #measure(): Promise<void> {
    const [memory] = await Promise.all([residentMemory(this.#child!.pid!), new Promise(setImmediate)]);
    this.#peakBytes = Math.max(this.#peakBytes, memory?.peakBytes ?? 0);
  }

  #settle(payload: Buffer, duration: number, status: InvocationReport['status'], errorType?: string): void {
    const running = this.#running;
    if (!running) return;
    clearTimeout(running.timer);
    const report: InvocationReport = {
      requestId: running.invocation.requestId,
      status,
      ...(errorType && { errorType }),
      duration,
      ...(!this.#initReported && this.#initDuration !== undefined && { initDuration: this.#initDuration }),
      maxMemoryBytes: this.#peakBytes,
    };
    this.#initReported = true;
    for (const line of this.#lines.end(this.#now(), report)) this.#write(line);
    this.#running = undefined;
    const outcome: Outcome = {
      payload,
      ...(status !== 'success' && { functionError: 'Unhandled' as const }),
      report,
      logTail: logTail(running.log),
    };
    void this.#log.flush().then(() => running.resolve(outcome));
    if (this.#alive) this.onChange();
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#alive = false;
    clearTimeout(this.#sampler);
    this.#api?.close();
    if (this.#child) this.#surroundings.guard.remove(this.#child.pid!);
    rmSync(this.#folder, { recursive: true, force: true });
    if (this.#running) this.#fail(code, signal);
    void this.#log.flush().then(() => this.#gone.resolve());
    this.onChange();
  }

  /** The process ended with an invocation in its hands. */
  #fail(code: number | null, signal: NodeJS.Signals | null): void {
    const { invocation, delivered, startedAt, resolve } = this.#running!;
    const { requestId } = invocation;
    const duration = performance.now() - startedAt;
    if (!delivered && this.#initReported && this.#killedFor !== 'timeout') {
      this.#running = undefined;
      resolve(undefined);
      return;
    }
    if (!delivered) this.#write(this.#lines.start(this.#now(), requestId));
    if (!delivered && this.#initError && this.#killedFor === undefined) {
      this.#settle(this.#initError, duration, 'error', errorTypeOf(this.#initError));
      return;
    }
    const { Timeout } = this.version.configuration;
    const end = brokenOff({ requestId, killedFor: this.#killedFor, code, signal, timeoutSeconds: Timeout });
    this.#write(`${new Date(this.#now()).toISOString()} ${requestId} ${end.message}`);
    this.#settle(end.payload, duration, end.status, end.errorType);
  }

  /** In the machine's time: a process grows whatever the cloud's clock says. */
  #sample(): void {
    this.#sampler = setTimeout(async () => {
      const memory = await residentMemory(this.#child!.pid!);
      if (!this.#alive || !memory) return;
      this.#peakBytes = Math.max(this.#peakBytes, memory.peakBytes);
      if (memory.bytes > this.version.configuration.MemorySize * 1024 * 1024) this.#kill('memory');
      else this.#sample();
    }, memorySampleMilliseconds).unref();
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
