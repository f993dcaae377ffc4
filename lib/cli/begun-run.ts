import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';

/** The record of a run whose execution has been started, as soon as there is one. */
export async function begunRun(platform: Platform, id: string): Promise<Run> {
  for (;;) {
    const run = await platform.runs.find(id);
    if (run) return run;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
