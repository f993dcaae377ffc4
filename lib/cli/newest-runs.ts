import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';

const pageSize = 100;

/** Runs, newest first, page by page; at most so many. */
export async function* newestRuns(platform: Platform, most: number, pipeline?: string): AsyncGenerator<Run> {
  let left = most;
  let cursor: string | undefined;
  do {
    const page = await platform.runs.list({ pipeline, limit: Math.min(left, pageSize), cursor });
    yield* page.runs;
    left -= page.runs.length;
    cursor = page.cursor;
  } while (cursor !== undefined && left > 0);
}
