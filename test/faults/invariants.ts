import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { PinnedInputs } from '../../lib/runtime/extract/pinned-inputs.ts';
import { runKeys } from '../../lib/runtime/keys.ts';
import type { RunRecord } from '../../lib/runtime/ports/run-store.ts';
import type { DroppedFile } from './acts.ts';
import { backfillsOtherwise } from './backfills-kept.ts';
import { cursorsOtherwise } from './cursors-kept.ts';
import { expectedRows } from './expected-rows.ts';
import { asked, growing, taken } from './growth.ts';
import type { History, RowKind } from './history.ts';
import { nothingLost, timesNotedOnce } from './nothing-lost.ts';
import type { PipelineName } from './pipelines.ts';
import type { Played } from './play.ts';
import { publishedRows } from './published-rows.ts';
import type { Item, ReadBy } from './read-by.ts';
import { lineageMissing, toldOtherwise } from './told.ts';
import { LakeView } from './world/lake-view.ts';
import type { World } from './world/world.ts';
import { wronglyWrittenDown } from './written-down.ts';

/** What must hold after every history, whatever has happened in it. Returns what does not. */
export async function brokenInvariants(world: World, history: History, played: Played): Promise<readonly string[]> {
  const lake = new LakeView(world);
  const problems: string[] = [...played.problems];
  if (problems.length > 0) return problems;
  const { Items } = await world.look('dynamodb', 'Scan', { TableName: world.output('RunTableName') });
  const items = Items.map((item: never) => unmarshall(item) as Item) as readonly Item[];
  const records = items.filter(({ sk }) => sk === 'RUN') as unknown as readonly (RunRecord & Item)[];
  const runs: ReadBy[] = [];
  for (const record of records) runs.push(await readBy(lake, record, played.dropped));

  problems.push(...finalRuns(world, records));
  problems.push(...oneRunEach(records));
  problems.push(...(await writtenOnce(world)));
  problems.push(...nothingHeld(items, records));
  problems.push(...(await nothingLost(world, history.pipeline, items, played, runs)));
  problems.push(...timesNotedOnce(items));
  problems.push(...backfillsOtherwise(items, runs, played.left));
  problems.push(...wronglyWrittenDown(items, played, runs));
  problems.push(...balanced(history.pipeline, runs));
  problems.push(...(await exactlyOnce(world, lake, history, played, runs)));
  problems.push(...(await toldOtherwise(lake, records.map(recordOf))));
  problems.push(...(await lineageMissing(lake, records)));
  return problems;
}

async function readBy(lake: LakeView, record: RunRecord, dropped: readonly DroppedFile[]): Promise<ReadBy> {
  const text = await lake.text(runKeys(record.pipeline, record.run).inputs);
  // What a replay reads are rejects of files, which those of the run before are held against.
  if (text === undefined || record.state !== 'Completed' || record.trigger.kind === 'replay')
    return { record, files: [] };
  const { main, cursors = {} } = JSON.parse(text) as PinnedInputs;
  const [cursor] = Object.values(cursors).flatMap(({ position }) => position ?? []);
  const files = main.map(({ key, versionId }) => {
    const file = dropped.find((one) => one.key === key && one.versionId === versionId);
    if (!file) throw new Error(`run ${record.run} has read ${key} in version ${versionId}, which nobody dropped`);
    return file;
  });
  return { record, files, ...(cursor !== undefined && { cursor }) };
}

/** Without what is of the table alone. */
function recordOf({
  pk: _pk,
  sk: _sk,
  gsiPk: _gsiPk,
  gsiSk: _gsiSk,
  expiresAt: _expiresAt,
  ...record
}: RunRecord & Item) {
  return record as RunRecord;
}

const ends: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Cancelled']);

/** Every run has come to an end, which its execution agrees with. */
function finalRuns(world: World, records: readonly RunRecord[]): string[] {
  const problems = records
    .filter(({ state }) => !ends.has(state))
    .map(({ run, state, phase }) => `run ${run} is left as ${state} (${phase})`);
  const byName = new Map(records.map((record) => [record.run, record]));
  for (const { name, status } of world.view.executions()) {
    const state = byName.get(name)?.state;
    if (!state) problems.push(`execution ${name} (${status}) has no run`);
    else if (status === 'SUCCEEDED' && state === 'Failed')
      problems.push(`execution ${name} succeeded, its run ${state}`);
  }
  return problems;
}

/** A trigger that came twice is one run; what somebody tried again is another. */
function oneRunEach(records: readonly RunRecord[]): string[] {
  const byTrigger = Map.groupBy(records, ({ trigger, planDigest }) =>
    JSON.stringify([planDigest, identityOf(trigger)]),
  );
  return [...byTrigger].flatMap(([trigger, runs]) =>
    runs.length > 1 ? [`${trigger} was run as ${runs.map(({ run }) => run).join(' and ')}`] : [],
  );
}

function identityOf({ attempt, ...trigger }: RunRecord['trigger']): unknown {
  if (trigger.kind === 'file' || trigger.kind === 'folder') return [trigger.key, trigger.versionId, attempt];
  return trigger.kind === 'manual' ? [trigger.requestId, attempt] : [trigger, attempt];
}

/**
 * What was written is never written over: whoever read it before has read what is there. Where a run was undone, a late
 * function may write once more what was removed; nobody reads it, and it expires.
 */
async function writtenOnce(world: World): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await world.look('s3', 'ListObjectVersions', { Bucket: world.lake });
  // What people put there, they may put there anew; what became of its chunks Step Functions writes itself.
  const own = (Versions as { Key: string }[]).filter(
    ({ Key }) => !/^(landing|reference)\/|^staged\/.*\/results\//.test(Key),
  );
  const removed = Map.groupBy(DeleteMarkers as { Key: string }[], ({ Key }) => Key);
  return [...Map.groupBy(own, ({ Key }) => Key)].flatMap(([key, { length }]) =>
    length > 1 + (removed.get(key)?.length ?? 0) ? [`${key} was written ${length} times`] : [],
  );
}

/** No lease is held, nobody waits for one, nothing is parked, and only what was published is claimed. */
function nothingHeld(items: readonly Item[], records: readonly RunRecord[]): string[] {
  const problems: string[] = [];
  const completed = new Set(records.filter(({ state }) => state === 'Completed').map(({ run }) => run));
  for (const { pk, sk, holders, waiting, run } of items) {
    if (pk.startsWith('LEASE#') && Object.keys({ ...holders, ...waiting }).length > 0)
      problems.push(`${pk} is held by ${JSON.stringify(holders)}, awaited by ${JSON.stringify(waiting)}`);
    if (pk.startsWith('STATE#') && sk.startsWith('RUN#')) problems.push(`${sk} is parked for ever`);
    if (pk.startsWith('PIPELINE#') && !completed.has(run))
      problems.push(`${sk} is claimed by ${run}, which published nothing`);
    if (pk.startsWith('TABLE#') && sk.startsWith('RUN#') && !completed.has(run))
      problems.push(`${run} has begun to publish in ${pk} and did not come to its end`);
  }
  return problems;
}

/** What a run says it did with its rows is what these rows ask for. */
function balanced(pipeline: PipelineName, runs: readonly ReadBy[]): string[] {
  const problems: string[] = [];
  for (const run of runs) {
    const { record, files } = run;
    if (files.length === 0) continue;
    const takes = growing.has(pipeline) ? taken(run) : () => true;
    const { rowsIn, rejected, filtered } = record.totals ?? {};
    const said = JSON.stringify({ rowsIn, rejected, filtered });
    const count = (...kinds: RowKind[]) => idsOf(files, kinds).length;
    const expected = JSON.stringify({
      rowsIn: count('good', 'zero', 'bad', 'nameless', 'late'),
      rejected: count(...kindsOf(pipeline, record).rejected),
      filtered: count('good', 'zero', 'nameless', 'late') - idsOf(files, ['good', 'nameless', 'late'], takes).length,
    });
    if (said !== expected) problems.push(`the ledger of ${record.run} says ${said} and not ${expected}`);
  }
  return problems;
}

/** Every row of a file that was published is in the table once, or among the rejects; of the others none is. */
async function exactlyOnce(
  world: World,
  lake: LakeView,
  { pipeline }: History,
  { dropped }: Played,
  runs: readonly ReadBy[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const file of dropped) {
    const takers = runs.filter(({ record, files }) => record.trigger.kind !== 'backfill' && files.includes(file));
    const readers = takers.map(({ record }) => record.run);
    if (readers.length > 1) problems.push(`${file.key} was published by ${readers.join(' and ')}`);
  }
  const completed = runs.filter(({ files }) => files.length > 0);
  const { published: seen, problems: own } = await publishedRows(world, lake, pipeline);
  const replayed = await correctedRuns(lake, runs);
  const isHalf = replayed.rows.join() !== replayed.others.join();
  problems.push(...(isHalf ? [] : own));
  const published = (run: ReadBy) => {
    const isAsked = growing.has(pipeline) ? asked(run) : () => true;
    const kinds = kindsOf(pipeline, run.record).published;
    return idsOf(run.files, replayed.rows.includes(run.record.run) ? [...kinds, 'bad'] : kinds, isAsked);
  };
  problems.push(...(await cursorsOtherwise(world, lake, pipeline, { runs: completed, of: published })));
  const expected = expectedRows(pipeline, completed, published).map(show);
  if (!expected.includes(show(seen))) problems.push(`readers see ${show(seen)}; expected: ${expected.join(' or ')}`);
  for (const { record, files } of completed) {
    const keys = (await lake.keys(runKeys(record.pipeline, record.run).rejected)).sort();
    const ids = (await lake.rows(keys, ['raw'])).map(([text]) => Number(/\d+/.exec(text ?? '')?.[0]));
    const [rejects, bad] = [show(ids.sort((a, b) => a - b)), show(idsOf(files, kindsOf(pipeline, record).rejected))];
    if (rejects !== bad) problems.push(`rejects of ${record.run} are ${rejects}; expected: ${bad}`);
  }
  return problems;
}

/** Runs whose rejects replays with corrected records have published, in the table of rows and in that of sums. */
async function correctedRuns(lake: LakeView, runs: readonly ReadBy[]) {
  const rows = new Set<string>();
  const others = new Set<string>();
  for (const { record } of runs) {
    const { pipeline, run, trigger, state } = record;
    if (trigger.kind !== 'replay' || state !== 'Completed') continue;
    // Those that were not corrected are rejects once more.
    if ((await lake.keys(runKeys(pipeline, run).rejected)).length > 0) continue;
    (trigger.tables.some((table) => table.endsWith('_rows')) ? rows : others).add(trigger.of);
  }
  return { rows: [...rows].sort(), others: [...others].sort() };
}

/** Where rows end. A person who does not come lets the good ones through, and one who comes may let all of them. */
function kindsOf(
  pipeline: PipelineName,
  { review }: RunRecord,
): Readonly<Record<'published' | 'rejected', readonly RowKind[]>> {
  if (pipeline === 'reviewed' && review?.decision !== 'approve')
    return { published: ['good'], rejected: ['bad', 'nameless'] };
  return { published: ['good', 'nameless', 'late'], rejected: ['bad'] };
}

function idsOf(
  files: readonly DroppedFile[],
  kinds: readonly RowKind[],
  isMeant: (id: number, kind: RowKind) => boolean = () => true,
): number[] {
  return files
    .flatMap(({ rows }) =>
      [...rows].filter(([id, kind]) => kinds.includes(kind) && isMeant(id, kind)).map(([id]) => id),
    )
    .sort((a, b) => a - b);
}

const show = (ids: readonly number[]) => `[${ids.join(', ')}]`;
