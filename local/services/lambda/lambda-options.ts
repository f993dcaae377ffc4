import { availableParallelism, tmpdir, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentsFactory } from './environment/environments.ts';

export interface LambdaOptions {
  /**
   * A `node_modules` folder appended to NODE_PATH of functions whose architecture or platform is not this machine's, for
   * native packages that a layer carries for Lambda's platform only. Default: none.
   */
  readonly nativeModules?: string;
  /** Concurrent batches of an event source mapping that sets no `MaximumConcurrency`. Default: the number of cores. */
  readonly batchesPerMapping?: number;
  /** Execution environments at work at once; further invocations wait for one. Default: 4 per core, at least 8. */
  readonly maximumEnvironments?: number;
  /**
   * Execution environments alive at once, idle ones included; the one that has been idle for longest makes room. They
   * cost memory, and starting them anew costs time. Default: one for each 512 MiB of the machine's memory, at least
   * `maximumEnvironments`.
   */
  readonly keptEnvironments?: number;
  /**
   * Milliseconds, for each environment of a function that is at work, in which one of them takes another invocation, or
   * else one more is started. Default: 500 by the number of cores.
   */
  readonly patienceMilliseconds?: number;
  /** The account's concurrency limit; further invocations are throttled. Default: 1000. */
  readonly accountConcurrency?: number;
  /** Seconds of the machine's time after which an idle environment ends. Default: 300. */
  readonly idleSeconds?: number;
  /** Where Node keeps compiled code for later starts. Default: a folder of this user in the system's temporary folder. */
  readonly compileCacheFolder?: string;
  /** Runs functions elsewhere than in processes of their own. Default: in processes. */
  readonly environments?: EnvironmentsFactory;
}

const bytesPerKept = 512 * 1024 * 1024;

export function withDefaults(options: Omit<LambdaOptions, 'environments'>) {
  const cores = availableParallelism();
  const maximumEnvironments = options.maximumEnvironments ?? Math.max(8, 4 * cores);
  return {
    nativeModules: options.nativeModules,
    batchesPerMapping: options.batchesPerMapping ?? cores,
    maximumEnvironments,
    keptEnvironments: options.keptEnvironments ?? Math.max(maximumEnvironments, Math.floor(totalmem() / bytesPerKept)),
    patienceMilliseconds: options.patienceMilliseconds ?? 500 / cores,
    accountConcurrency: options.accountConcurrency ?? 1000,
    idleSeconds: options.idleSeconds ?? 300,
    compileCacheFolder:
      options.compileCacheFolder ??
      join(tmpdir(), `penstock-compile-cache-${process.getuid?.() ?? userInfo().username}`),
  };
}

export type LambdaSettings = ReturnType<typeof withDefaults>;
