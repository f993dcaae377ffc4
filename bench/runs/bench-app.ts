import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Run } from '../../lib/cli/find-run.ts';
import { newestRuns } from '../../lib/cli/newest-runs.ts';
import { Platform } from '../../lib/cli/platform.ts';
import { addressOf } from '../../lib/cli/platform-address.ts';
import { compile } from '../../lib/compiler/index.ts';
import type { Definition } from '../../lib/definition/index.ts';
import { synthesize } from '../../lib/infra/index.ts';
import { type LocalApp, startLocal } from '../../local/index.ts';
import { PeakMemory } from './peak-memory.ts';

/** Whoever asks more often takes time from what is measured; a list of a thousand runs is long to read. */
const betweenLooksMilliseconds = 500;
const shareOfLooks = 0.02;
const ends: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Cancelled']);

/** Pipelines on local AWS, as `penstock local` runs them: a process for each function that is at work. */
export class BenchApp {
  readonly platform: Platform;
  readonly app: LocalApp;
  readonly memory = new PeakMemory();
  readonly #folder: string;

  private constructor(app: LocalApp, folder: string) {
    this.app = app;
    this.platform = new Platform(addressOf(app));
    this.#folder = folder;
  }

  static async start(definitions: readonly Definition[]): Promise<BenchApp> {
    const folder = mkdtempSync(join(tmpdir(), 'penstock-bench-'));
    const pipelines = await Promise.all(
      definitions.map(async (definition) => ({ plan: await compile(definition), file: '' })),
    );
    const cloudAssembly = await synthesize({ pipelines, outdir: join(folder, 'cdk.out') });
    return new BenchApp(await startLocal({ cloudAssembly }), folder);
  }

  /** Stores an object; returns the id of its version. */
  async drop(Key: string, Body: string): Promise<string> {
    const { VersionId } = await this.platform.s3.send(
      new PutObjectCommand({ Bucket: this.platform.address.lake, Key, Body }),
    );
    return VersionId!;
  }

  /** All runs, newest first, as soon as so many have ended. Throws where one has not completed. */
  async completed(count: number): Promise<readonly Run[]> {
    for (;;) {
      const begun = performance.now();
      const runs = await Array.fromAsync(newestRuns(this.platform, 2 * count));
      const failed = runs.find(({ state }) => state === 'Failed' || state === 'Cancelled');
      if (failed) throw new Error(`run ${failed.run} is ${failed.state}: ${failed.failure?.message}`);
      if (runs.filter(({ state }) => ends.has(state)).length >= count) return runs;
      const pause = Math.max(betweenLooksMilliseconds, (performance.now() - begun) / shareOfLooks);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** Rows that readers of a table see. */
  async rowsOf(table: string): Promise<number> {
    return (await this.platform.tableLog(table)).find(({ current }) => current)?.rows ?? 0;
  }

  async close(): Promise<void> {
    this.memory.close();
    await this.app.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
