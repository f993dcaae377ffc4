import type { Batch, Decision } from '../aws/dynamodb-arrivals.ts';
import { CommandInputError } from './errors.ts';
import type { Run } from './find-run.ts';
import { newestRuns } from './newest-runs.ts';
import type { Platform } from './platform.ts';

/** A file that has started nothing after this time will not. */
const startMilliseconds = 60_000;
/** Other files may have started runs in the meantime. */
const runsBefore = 50;

/** A version of an object, and the pipeline that it should start. */
export interface StartingFile {
  readonly pipeline: string;
  readonly key: string;
  readonly versionId?: string;
  /** Files that make the set complete which it is one of. Absent: it is in none, or a marker says so. */
  readonly complete?: number;
}

/** What became of a file: a run, alone or with others; nothing; or it waits until its set is complete, or its pipeline resumed. */
export type FileOutcome =
  | { readonly as: 'run'; readonly run: Run }
  | Extract<Decision, { as: 'nothing' }>
  | { readonly as: 'waits'; readonly batch: Batch }
  | { readonly as: 'paused' };

/** The run that a version of an object has started, as soon as there is one. */
export async function runOfVersion(platform: Platform, file: StartingFile): Promise<Run> {
  const [outcome] = await outcomesOf(platform, [file]);
  if (outcome?.as === 'run') return outcome.run;
  throw startedNone([file]);
}

/** What became of versions of objects, in the same order, as soon as it is known of all of them. */
export async function outcomesOf(platform: Platform, files: readonly StartingFile[]): Promise<FileOutcome[]> {
  const found = new Map<StartingFile, FileOutcome>();
  const start = performance.now();
  let until = start + startMilliseconds;
  for (;;) {
    const open = files.filter((file) => !found.has(file));
    const runs = await Array.fromAsync(newestRuns(platform, open.length + runsBefore));
    for (const file of open) {
      const outcome = (await outcomeOf(platform, file, runs)) ?? (await pausedOutcome(platform, file));
      if (outcome && 'left' in outcome) until = Math.max(until, performance.now() + outcome.left + startMilliseconds);
      else if (outcome) found.set(file, outcome);
    }
    if (files.every((file) => found.has(file))) return files.map((file) => found.get(file)!);
    if (performance.now() > until) throw startedNone(files.filter((file) => !found.has(file)));
    await pause(start);
  }
}

/** Undefined where it is not known yet; `left`: milliseconds until the window of its batch is over. */
async function outcomeOf(
  { arrivals, runs }: Platform,
  file: StartingFile,
  newest: readonly Run[],
): Promise<FileOutcome | { readonly left: number } | undefined> {
  const started = newest.find((run) => isStartedBy(run, file));
  if (started) return { as: 'run', run: started };
  const version = { ...file, versionId: file.versionId ?? '', size: 0, sequencer: '' };
  const { decision } = await arrivals.history(version);
  if (!decision || decision.as === 'nothing') return decision;
  if (decision.as === 'run') return runNamed(runs, decision.run);
  const name = { pipeline: file.pipeline, place: decision.place, number: decision.number };
  const closed = await arrivals.closed(name);
  if (closed) return runNamed(runs, closed.run);
  const batch = await arrivals.batch(file.pipeline, decision.place);
  if (batch?.number !== decision.number) return undefined;
  if (batch.until !== undefined) return { left: batch.until - Date.now() };
  // Its last file is there, and its run is about to be named.
  return batch.files === file.complete ? undefined : { as: 'waits', batch };
}

async function pausedOutcome({ pipelines }: Platform, { pipeline }: StartingFile): Promise<FileOutcome | undefined> {
  return (await pipelines.find(pipeline))?.state === 'Paused' ? { as: 'paused' } : undefined;
}

async function runNamed(runs: Platform['runs'], id: string): Promise<FileOutcome | undefined> {
  const run = await runs.find(id);
  return run && { as: 'run', run };
}

function isStartedBy({ pipeline, trigger }: Run, file: StartingFile): boolean {
  return (
    pipeline === file.pipeline &&
    (trigger.kind === 'file' || trigger.kind === 'folder') &&
    trigger.key === file.key &&
    trigger.versionId === (file.versionId ?? '')
  );
}

function startedNone(idle: readonly StartingFile[]): CommandInputError {
  return new CommandInputError({
    problem: idle.length === 1 ? 'the file has started no run' : `${idle.length} files have started no run`,
    received: idle.map(({ key }) => key),
    allowed: `a key below the folder that "${idle[0]!.pipeline}" waits for`,
    change: 'look at the trigger queue and its dead-letter queue',
  });
}

/** Often at first, then once a second: a deployed table is paid by the request. */
export function pause(start: number): Promise<void> {
  const milliseconds = Math.min(1000, Math.max(100, (performance.now() - start) / 20));
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
