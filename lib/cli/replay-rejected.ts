import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Connector } from '../component/connector.ts';
import type { SourceNode } from '../component/plan.ts';
import type { RecordPlaces } from '../engine/index.ts';
import { begunRun } from './begun-run.ts';
import { CommandInputError } from './errors.ts';
import { fetchFiles } from './fetch-files.ts';
import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';
import { counted, type Printer } from './print.ts';
import { compiledPipeline } from './project.ts';
import { type RejectFilter, refuseUnknown, rejectFiles } from './rejected-rows.ts';
import { stateFolder } from './state-folder.ts';
import { watchRuns } from './watch-runs.ts';

export interface ReplayOptions {
  readonly run: Run;
  readonly filter: RejectFilter;
  /** An export with corrected raw records. */
  readonly file?: string;
  readonly wait: boolean;
  /** Who starts it. */
  readonly by: string;
}

type Replays = Awaited<ReturnType<Platform['replaysOf']>>;

/** Starts a replay for each group of tables that open rejects were on their way to. Returns the exit code. */
export async function replayRejected(platform: Platform, printer: Printer, options: ReplayOptions): Promise<number> {
  const first = await firstRun(platform, options.run);
  const replays = await platform.replaysOf(first);
  requireEnded(replays);
  const workFolder = mkdtempSync(join(stateFolder('work'), 'replay-'));
  try {
    const { groups, taken, unreadable } = await findOpen(platform, { ...options, first, replays, workFolder });
    const started = [];
    for (const { tables, inputs, rows, whole } of groups) {
      const number =
        1 + Math.max(0, ...replays.filter((one) => sameTables(one, tables)).map((one) => one.trigger.number));
      const one = await platform.replayRejects({
        pipeline: first.pipeline,
        of: first.run,
        tables,
        number,
        inputs,
        rejects: rows,
        by: options.by,
        ...(whole && { whole }),
      });
      started.push({ ...one, tables, rows, ...(whole && { whole }) });
      const before = one.outcome === 'exists' ? ' (started before)' : '';
      const others = whole ? ', with all rows of the run' : '';
      printer.line(`${counted(rows, 'reject')} on the way to ${tables.join(', ')}${others}: ${one.run}${before}`);
    }
    if (started.length + taken + unreadable === 0 && options.file === undefined)
      await refuseUnknown(first, { files: await rejectFiles(platform, first), filter: options.filter });
    if (started.length === 0) printer.line(`nothing to replay of ${first.run}`);
    if (taken > 0) printer.line(`  ${counted(taken, 'reject')} replayed before`);
    if (unreadable > 0) printer.line(`  ${counted(unreadable, 'reject')} without a record that can be read again`);
    const begun = options.wait ? await Promise.all(started.map(({ run }) => begunRun(platform, run))) : [];
    const ended = options.wait ? await watchRuns(platform, begun, printer) : [];
    printer.data({
      run: first.run,
      replays: started.map((one) => ({ ...one, state: ended.find(({ run }) => run === one.run)?.state })),
      taken,
      unreadable,
    });
    return ended.every(({ state }) => state === 'Completed') ? 0 : 1;
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/** The run whose file it was: what a replay rejects again is replayed from there. */
async function firstRun(platform: Platform, run: Run): Promise<Run> {
  const { trigger } = run;
  if (trigger.kind !== 'replay') return run;
  const first = await platform.runs.find(trigger.of);
  if (first) return first;
  throw new CommandInputError({
    problem: 'the run whose rejects were replayed is not known any more',
    received: trigger.of,
    change: 'records of old runs expire; correct the rows in a file and drop it',
  });
}

function requireEnded(replays: Replays): void {
  const open = replays.find(({ state }) => state !== 'Completed');
  if (!open) return;
  throw new CommandInputError({
    problem: 'a replay of this run is about to publish, and what it takes is not known yet',
    received: `${open.run}, which is ${open.state}`,
    change: 'try again when it has ended',
  });
}

async function findOpen(
  platform: Platform,
  { first, replays, filter, file, workFolder }: ReplayOptions & { first: Run; replays: Replays; workFolder: string },
) {
  const runs = await Promise.all(
    [first, ...replays].map(async (run) => ({
      run: run.run,
      files: await rejectFiles(platform, run),
      remade: await platform.remadeSince(run, replays),
    })),
  );
  const taken = await fetchFiles(
    platform,
    replays.flatMap(({ trigger }) => trigger.inputs.map(({ key }) => key)),
  );
  const { openRejects } = await import('../engine/index.ts');
  const corrections = file === undefined ? undefined : copied(file, workFolder);
  const recover = recordsFrom(platform, first.pipeline, workFolder);
  return openRejects({ runs, taken, filter, corrections, recover, workFolder });
}

/** Records that only their file has: the whole of it is brought here, because a place in it is not to be found otherwise. */
function recordsFrom(platform: Platform, pipeline: string, workFolder: string) {
  let count = 0;
  return async (places: RecordPlaces, to: string): Promise<void> => {
    const [{ recoverRecords }, { connectors }] = await Promise.all([
      import('../engine/index.ts'),
      import('../registry/connectors.ts'),
    ]);
    const { plan } = await compiledPipeline(pipeline);
    const node = plan.nodes.find((one): one is SourceNode => one.kind === 'source' && one.id === places.source);
    if (!node)
      throw new CommandInputError({
        problem: `the pipeline "${pipeline}" has no source "${places.source}" any more, which read rejects of this run`,
        received: places.source,
        allowed: plan.nodes.filter((one) => one.kind === 'source').map((one) => one.id),
        change: 'correct the rows in their file and drop it again',
      });
    const folder = join(workFolder, `file-${count++}`);
    mkdirSync(folder);
    const path = join(folder, 'input');
    const { file: key, version } = places;
    await platform.objects.download({ key, ...(version !== null && { versionId: version }) }, path);
    const connector = (connectors as Readonly<Record<string, Connector>>)[node.component]!;
    await recoverRecords({ node, connector, places, path, to, workFolder: folder });
    rmSync(folder, { recursive: true });
  };
}

/** The engine sees its own folders only. */
function copied(file: string, workFolder: string): string {
  const path = join(workFolder, basename(file));
  try {
    copyFileSync(file, path);
    return path;
  } catch (cause) {
    throw new CommandInputError({
      problem: 'there is no such file',
      received: file,
      allowed: 'a file as `npx penstock rejects export` writes it',
      change: 'correct the path',
      cause,
    });
  }
}

function sameTables({ trigger }: Replays[number], tables: readonly string[]): boolean {
  return [...trigger.tables].sort().join() === [...tables].sort().join();
}
