import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../../service.ts';
import { assumeRole } from '../assume-role.ts';
import type { LambdaSettings } from '../lambda-options.ts';
import type { FunctionVersion } from '../state.ts';
import { FunctionProcess, type ProcessEnd } from './function-process.ts';
import { LogStreamWriter } from './log-stream-writer.ts';
import { brokenOff, errorTypeOf, logTail, maxResponseBytes, type Outcome, tooLargeAnswer } from './outcome.ts';
import type { ProcessGuard } from './process-guard.ts';
import { processVariables } from './process-variables.ts';
import { type InvocationReport, type PlatformLines, platformLines } from './report-lines.ts';
import { type Answer, type Invocation, RuntimeApi } from './runtime-api.ts';

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
  state: 'waiting' | 'delivered' | 'answered';
}

const initLimitMilliseconds = 10_000;

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
  readonly #api: RuntimeApi;
  readonly #gone = Promise.withResolvers<void>();
  #process: FunctionProcess | undefined;
  #state: 'starting' | 'running' | 'stopped' | 'gone' = 'starting';
  #end: ProcessEnd | undefined;
  #spawnedAt = 0;
  #initDuration: number | undefined;
  #initError: Buffer | undefined;
  #asking = false;
  #served = false;
  #running: Running | undefined;
  #settling: Promise<void> = Promise.resolve();

  constructor(version: FunctionVersion, surroundings: EnvironmentSurroundings) {
    const { cloud } = surroundings;
    this.version = version;
    this.#surroundings = surroundings;
    this.#lines = platformLines(version.configuration);
    this.#folder = join(cloud.store.folder('lambda-environments'), randomUUID());
    const day = new Date(cloud.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.#logStream = `${day}/[${version.configuration.Version}]${randomBytes(16).toString('hex')}`;
    this.#log = new LogStreamWriter(cloud, version, this.#logStream);
    this.#api = new RuntimeApi({
      asks: () => this.#asked(),
      sinkOf: (requestId) => this.#awaited(requestId)?.invocation.sink,
      answers: (answer) => this.#answered(answer),
      fails: (error) => {
        this.#initError = error;
      },
    });
    this.ready = this.#start().catch((error) => {
      this.#ended({ code: null, signal: null });
      throw error;
    });
  }

  get alive(): boolean {
    return this.#state !== 'gone';
  }

  /**
   * Runs one invocation, at once or as soon as the process asks for it. Never rejects: a failure is an outcome.
   * Undefined where a process that had served before ended without having taken the invocation: nothing of it has run.
   */
  invoke(invocation: Invocation): Promise<Outcome | undefined> {
    return new Promise((resolve) => {
      this.#running = { invocation, resolve, log: [], startedAt: performance.now(), state: 'waiting' };
      // A process that dies at its start may be gone before it is given anything: nobody would ever answer.
      if (this.#end) return this.#breakOff(this.#running, this.#end);
      if (this.#asking) return this.#deliver();
      // Loading has ten seconds of its own, then it goes at the expense of the function's timeout.
      this.#limit(initLimitMilliseconds + this.version.configuration.Timeout * 1000);
    });
  }

  /** Ends the process and leaves nothing behind. */
  async stop(): Promise<void> {
    if (this.#state === 'starting') this.#state = 'stopped';
    this.#process?.kill('retired');
    await this.#gone.promise;
  }

  async #start(): Promise<void> {
    const runtimeApi = await this.#api.listen();
    mkdirSync(this.#folder, { recursive: true });
    const { MemorySize, EphemeralStorage } = this.version.configuration;
    const crash = { kill: () => this.#process?.crash() };
    const variables = processVariables(this.version, {
      ...this.#surroundings,
      principal: { ...assumeRole(this.#surroundings.cloud, this.version), process: crash },
      runtimeApi,
      temporaryFolder: this.#folder,
      logStream: this.#logStream,
    });
    this.#spawnedAt = performance.now();
    this.#process = await FunctionProcess.start(
      {
        guard: this.#surroundings.guard,
        variables,
        folder: this.#folder,
        memoryMegabytes: MemorySize,
        storageMegabytes: EphemeralStorage!.Size!,
      },
      { message: (text) => this.#write(text), ended: (end) => this.#ended(end) },
    );
    this.#write(this.#lines.initStart(this.#now()));
    if (this.#state === 'stopped') this.#process.kill('retired');
    else this.#state = 'running';
  }

  #now(): number {
    return this.#surroundings.cloud.clock.now();
  }

  #write(message: string): void {
    this.#log.write(message);
    this.#running?.log.push(message);
  }

  #asked(): void {
    this.#asking = true;
    this.#initDuration ??= performance.now() - this.#spawnedAt;
    if (this.#running?.state === 'waiting') this.#deliver();
  }

  #deliver(): void {
    const running = this.#running!;
    this.#asking = false;
    running.state = 'delivered';
    this.#process!.watch();
    clearTimeout(running.timer);
    this.#limit(this.version.configuration.Timeout * 1000);
    this.#write(this.#lines.start(this.#now(), running.invocation.requestId));
    running.startedAt = performance.now();
    // The process reads the deadline off its own clock, which is the machine's and not the cloud's.
    this.#api.deliver(running.invocation, Date.now() + this.version.configuration.Timeout * 1000);
  }

  /** In the machine's time, as all that happens in a process. */
  #limit(milliseconds: number): void {
    this.#running!.timer = setTimeout(() => this.#process!.kill('timeout'), milliseconds).unref();
  }

  /** The invocation of this id, where its answer is still to come. */
  #awaited(requestId: string): Running | undefined {
    const running = this.#running;
    return running?.state === 'delivered' && running.invocation.requestId === requestId ? running : undefined;
  }

  #answered({ requestId, body, failed, peakBytes }: Answer): void {
    const running = this.#awaited(requestId);
    if (!running) return;
    running.state = 'answered';
    clearTimeout(running.timer);
    const duration = performance.now() - running.startedAt;
    this.#process!.peakBytes = Math.max(this.#process!.peakBytes, peakBytes);
    const tooLarge = !failed && body.length > maxResponseBytes;
    const payload = tooLarge ? tooLargeAnswer(body.length) : body;
    const errorType = failed || tooLarge ? errorTypeOf(payload) : undefined;
    // What was printed before the answer is here already, but may not have been read: a turn of the event loop does it.
    this.#settling = new Promise(setImmediate).then(() =>
      this.#settle(payload, { duration, status: errorType ? 'error' : 'success', errorType }),
    );
  }

  #settle(payload: Buffer, ending: Pick<InvocationReport, 'duration' | 'status' | 'errorType'>): void {
    const { invocation, log, resolve, timer } = this.#running!;
    clearTimeout(timer);
    const report: InvocationReport = {
      ...ending,
      requestId: invocation.requestId,
      ...(!this.#served && this.#initDuration !== undefined && { initDuration: this.#initDuration }),
      maxMemoryBytes: this.#process!.peakBytes,
    };
    this.#served = true;
    for (const line of this.#lines.end(this.#now(), report)) this.#write(line);
    this.#running = undefined;
    this.#process?.rest();
    const functionError = ending.status === 'success' ? undefined : ('Unhandled' as const);
    const outcome: Outcome = { payload, ...(functionError && { functionError }), report, logTail: logTail(log) };
    void this.#log.flush().then(() => resolve(outcome));
    if (this.alive) this.onChange();
  }

  #ended(end: ProcessEnd): void {
    this.#state = 'gone';
    this.#end = end;
    this.#api.close();
    rmSync(this.#folder, { recursive: true, force: true });
    if (this.#running && this.#running.state !== 'answered') this.#breakOff(this.#running, end);
    void this.#settling.then(() => this.#log.flush()).then(() => this.#gone.resolve());
    this.onChange();
  }

  /** The process ended with an invocation in its hands. */
  #breakOff({ invocation, state, startedAt, resolve }: Running, end: ProcessEnd): void {
    const { requestId } = invocation;
    const duration = performance.now() - startedAt;
    if (state === 'waiting' && this.#served && end.killedFor !== 'timeout') {
      this.#running = undefined;
      resolve(undefined);
      return;
    }
    if (state === 'waiting') this.#write(this.#lines.start(this.#now(), requestId));
    if (state === 'waiting' && this.#initError && end.killedFor === undefined) {
      this.#settle(this.#initError, { duration, status: 'error', errorType: errorTypeOf(this.#initError) });
      return;
    }
    const broken = brokenOff(requestId, end, this.version.configuration);
    this.#write(`${new Date(this.#now()).toISOString()} ${requestId} ${broken.message}`);
    this.#settle(broken.payload, { duration, status: broken.status, errorType: broken.errorType });
  }
}
