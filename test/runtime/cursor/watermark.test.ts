import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { expireSnapshots } from '../../../lib/iceberg/expire-snapshots.ts';
import { deduplicate, from, lake, pipeline, s3 } from '../../../lib/index.ts';
import { compensate } from '../../../lib/runtime/compensate.ts';
import { cursorFactOf, cursorFactsOf } from '../../../lib/runtime/cursor/cursor-facts.ts';
import { setCursor } from '../../../lib/runtime/cursor/set-cursor.ts';
import { readLedger } from '../../../lib/runtime/ledger/ledger.ts';
import type { TriggerIdentity } from '../../../lib/runtime/messages.ts';
import type { PipelineCode } from '../../../lib/runtime/pipeline-code.ts';
import { commit } from '../../../lib/runtime/publish/commit.ts';
import { publish } from '../../../lib/runtime/publish/publish.ts';
import { readMetadata } from '../../../lib/runtime/publish/read-table.ts';
import { expireTable } from '../../../lib/runtime/table/expire-table.ts';
import { moveTable } from '../../../lib/runtime/table/move-table.ts';
import { rollbackTable } from '../../../lib/runtime/table/rollback-table.ts';
import { type EnginePorts, enginePorts } from '../../fixtures/assessed-run.ts';
import { query } from '../../fixtures/engine/duckdb.ts';
import { scratch } from '../../fixtures/engine/scratch.ts';
import { FaultLine } from '../../fixtures/ports/faults.ts';
import { faultyPorts } from '../../fixtures/ports/faulty-ports.ts';
import { codeOf, publishedRows, rejectsOf, startReplays } from '../../fixtures/replayed.ts';
import { manual, runToEnd, runToGate, stageInput } from '../../fixtures/run-machine.ts';
import { runOnce } from '../../fixtures/run-once.ts';

const record = z.object({ id: z.int(), at: z.iso.datetime(), note: z.string() });
type Row = readonly [id: number, minute: string, note?: string];

let appending: PipelineCode;
let merging: PipelineCode;
let ports: EnginePorts;
let drops: number;

beforeAll(async () => {
  const dumps = () => s3({ prefix: 'landing/dumps/', format: 'ndjson' });
  const appended = from(dumps(), record, { incremental: { by: 'at' } });
  appending = await codeOf(
    pipeline('dumps', {
      outputs: [appended.to(lake({ table: 'dumps' })), appended.to(s3({ prefix: 'exports/dumps/', format: 'ndjson' }))],
    }),
  );
  const merged = from(dumps(), record, { incremental: { by: 'at', lag: '10 minutes' } });
  merging = await codeOf(
    pipeline('dumps', { outputs: [merged.to(lake({ table: 'dumps', mode: 'merge', key: ['id'], by: 'at' }))] }),
  );
});
beforeEach(() => {
  ports = enginePorts();
  drops = 0;
});

/** A file with all rows that there are by now. */
function dump(...rows: readonly Row[]): void {
  const lines = rows.map(([id, minute, note = '']) => JSON.stringify({ id, at: `2026-01-01T${minute}:00Z`, note }));
  ports.objects.drop(`landing/dumps/${drops++}.ndjson`, lines.join('\n'));
}
const run = (code: PipelineCode, trigger: TriggerIdentity = manual(`run ${drops}`)) => runOnce(ports, code, trigger);
const metadata = async () => readMetadata(ports.objects, (await ports.tables.pointer('dumps')).metadata!);
const cursor = async () => cursorFactsOf(await metadata())[cursorFactOf('dumps', 'dumps')];
async function ids(): Promise<string> {
  const rows = await publishedRows(ports, 'dumps');
  return rows
    .map((row) => JSON.parse(row) as { id: number; note: string })
    .map(({ id, note }) => `${id}${note}`)
    .sort()
    .join(' ');
}
const first: Row[] = [
  [1, '06:00'],
  [2, '06:30'],
];

describe('a source that goes on by a column', () => {
  test('passes over what was published, counts that, and takes its cursor along in the snapshot', async () => {
    dump(...first);
    await run(appending);
    expect(await cursor()).toBe('2026-01-01 06:30:00');
    dump(...first, [3, '06:31'], [4, '06:30']);
    const { input, published } = await run(appending);
    expect(await ids()).toBe('1 2 3');
    const [entry] = await readLedger(ports, input.run);
    const source = entry!.steps.find(({ node }) => node === 'dumps')!;
    expect(source).toMatchObject({
      rowsIn: 4,
      rowsOut: 1,
      filtered: 3,
      rules: { 'passed over: at or below the cursor': 3 },
    });
    const moves = { dumps: { from: '2026-01-01 06:30:00', to: '2026-01-01 06:31:00' } };
    expect(published.cursors).toEqual(moves);
    expect((await ports.runs.find(input.run))!.publish!.cursors).toEqual(moves);
    expect((await metadata()).snapshots.at(-1)!.summary['penstock.cursor.dumps.dumps']).toBe('2026-01-01 06:31:00');
  });

  test('takes late rows within its lag once more, and a merge keeps each of them once', async () => {
    dump(...first);
    await run(merging);
    dump([1, '06:10', 'late'], [2, '06:30'], [3, '06:21', 'late'], [4, '06:20', 'too late']);
    const { published } = await run(merging);
    // 06:30 less ten minutes: what lies at 06:20 or before was published, or is lost to the lag, and is counted.
    expect(await ids()).toBe('1 2 3late');
    expect(published.tables['table.dumps']!.merged).toEqual({ inserted: 1, updated: 1, superseded: 0 });
    expect(await cursor()).toBe('2026-01-01 06:30:00');
  });

  test('goes back with its table, and takes the rows again', async () => {
    dump(...first);
    await run(merging);
    dump(...first, [3, '07:00']);
    await run(merging);
    await rollbackTable(ports, { table: 'dumps', to: { version: 1 } });
    expect([await cursor(), await ids()]).toEqual(['2026-01-01 06:30:00', '1 2']);
    dump(...first, [3, '07:00'], [4, '07:01']);
    await run(merging);
    expect([await cursor(), await ids()]).toEqual(['2026-01-01 07:01:00', '1 2 3 4']);
  });

  test('stays where it is when the run fails', async () => {
    dump(...first);
    await run(appending);
    dump([3, '07:00']);
    const input = stageInput(appending, manual('failing'));
    await runToGate(ports, appending, input);
    await publish(ports, appending, input);
    await compensate(ports, appending, { ...input, error: { Error: 'States.Timeout' }, state: 'Commit' });
    expect(await cursor()).toBe('2026-01-01 06:30:00');
    await run(appending);
    expect(await ids()).toBe('1 2 3');
  });

  test('lets one of two runs that began at the same place publish, and the other nothing', async () => {
    // Else the second would wait for the first.
    const unguarded = { ...appending, plan: { ...appending.plan, overlap: undefined } } as unknown as PipelineCode;
    dump(...first);
    const [one, two] = ['one', 'two'].map((id) => stageInput(unguarded, manual(id)));
    await runToGate(ports, unguarded, one!);
    // The same rows come in another file, which only the second run has.
    ports.objects.remove(['landing/dumps/0.ndjson']);
    dump(...first, [3, '07:00']);
    await runToGate(ports, unguarded, two!);
    for (const input of [one!, two!]) await publish(ports, unguarded, input);
    await commit(ports, unguarded, two!);
    await expect(commit(ports, unguarded, one!)).rejects.toMatchObject({
      name: 'CursorMovedError',
      received: '2026-01-01 07:00:00',
      allowed: 'nothing yet',
    });
    expect(await ids()).toBe('1 2 3');
    expect(await ports.tables.begun('dumps', one!.run)).toBe(false);
  });
});

test('a commit that is killed before and after each of its effects takes rows and cursor along together', async () => {
  dump(...first);
  await run(appending);
  dump(...first, [3, '07:00']);
  const input = stageInput(appending, manual('killed'));
  await runToGate(ports, appending, input);
  await publish(ports, appending, input);
  const seen = new Set<string>();
  let done = false;
  for (let at = 0; !done; at++) {
    for (const when of ['before', 'after'] as const) {
      done = await commit(faultyPorts(ports, new FaultLine({ at, when })), appending, input).then(
        () => true,
        () => false,
      );
      seen.add(`${await ids()} at ${await cursor()}`);
    }
  }
  expect([...seen]).toEqual(['1 2 at 2026-01-01 06:30:00', '1 2 3 at 2026-01-01 07:00:00']);
  const exported = await ports.tables.pointer('exports/dumps');
  expect(ports.objects.json(exported.metadata!)).toMatchObject({
    cursors: { 'penstock.cursor.dumps.dumps': '2026-01-01 07:00:00' },
  });
  expect(await ports.runs.find(input.run)).toMatchObject({
    state: 'Completed',
    publish: { cursors: { dumps: { to: '2026-01-01 07:00:00' } } },
  });
});

test('chunks of a run come together as far as the one that came furthest', async () => {
  const chunked = {
    ...appending,
    plan: { ...appending.plan, resources: { ...appending.plan.resources, chunkBytes: 60 } },
  };
  dump([1, '06:00'], [2, '09:30']);
  dump([3, '10:00'], [4, '08:00']);
  const { extracted } = await run(chunked);
  expect([extracted.solo, extracted.stages.process!.chunks, await cursor()]).toEqual([false, 4, '2026-01-01 10:00:00']);
  dump([5, '10:00'], [6, '10:01']);
  dump([7, '09:59'], [8, '10:02']);
  await run(chunked);
  expect([await ids(), await cursor()]).toEqual(['1 2 3 4 6 8', '2026-01-01 10:02:00']);
});

test('a replay brings rows wherever the cursor stands, and leaves it there', async () => {
  dump(...first);
  await run(merging);
  ports.objects.drop('landing/dumps/bad.ndjson', '{"id":"three","at":"2026-01-01T05:00:00Z","note":""}');
  dump([4, '08:00']);
  const { input } = await run(merging);
  const corrections = join(scratch(), 'corrections.ndjson');
  const [reject] = await query(`SELECT * FROM '${(await rejectsOf(ports, input))[0]}'`);
  writeFileSync(corrections, JSON.stringify({ ...reject, raw: reject!.raw.replace('"three"', '3') }));
  const corrected = await startReplays(ports, merging, input, { corrections });
  await runToEnd(ports, merging, corrected.inputs[0]!);
  expect([await ids(), await cursor()]).toEqual(['1 2 3 4', '2026-01-01 08:00:00']);
});

test('a replay that reads a whole run again passes over what that run did', async () => {
  const once = await codeOf(
    pipeline('dumps', {
      outputs: [
        from(s3({ prefix: 'landing/dumps/', format: 'ndjson' }), record, { incremental: { by: 'at' } })
          .pipe(deduplicate({ key: ['id'], keep: 'latest', by: 'at' }))
          .to(lake({ table: 'dumps' })),
      ],
    }),
  );
  dump(...first);
  await run(once);
  ports.objects.drop('landing/dumps/bad.ndjson', '{"id":"five","at":"2026-01-01T05:00:00Z","note":""}');
  dump(...first, [3, '07:00']);
  const { input } = await run(once);
  dump([4, '08:00']);
  await run(once);
  const corrections = join(scratch(), 'corrections.ndjson');
  const [reject] = await query(`SELECT * FROM '${(await rejectsOf(ports, input))[0]}'`);
  writeFileSync(corrections, JSON.stringify({ ...reject, raw: reject!.raw.replace('"five"', '5') }));
  const { inputs } = await startReplays(ports, once, input, { corrections });
  expect(inputs[0]!.trigger.whole).toBe(true);
  await runToEnd(ports, once, inputs[0]!);
  expect([await ids(), await cursor()]).toEqual(['1 2 3 4 5', '2026-01-01 08:00:00']);
});

test('two tables that were taken to different places are not appended to', async () => {
  dump(...first);
  await run(appending);
  dump(...first, [3, '07:00']);
  await run(appending);
  await rollbackTable(ports, { table: 'dumps', to: { version: 1 } });
  dump([4, '08:00']);
  await expect(run(appending)).rejects.toMatchObject({
    name: 'CursorMovedError',
    received: 'exports/dumps: 2026-01-01 07:00:00, dumps: 2026-01-01 06:30:00',
    change: expect.stringContaining('roll "exports/dumps" back'),
  });
  expect(await ids()).toBe('1 2');
});

describe('behind a snapshot of another writer', () => {
  /** The same rows, in a state that says nothing of Penstock. */
  const writeElsewhere = () =>
    moveTable(ports, {
      table: 'dumps',
      name: 'elsewhere',
      next({ metadata }) {
        const last = metadata.snapshots.at(-1)!;
        const facts = Object.entries(last.summary).filter(([name]) => !name.startsWith('penstock.'));
        const own = {
          ...last,
          'snapshot-id': 7,
          'parent-snapshot-id': last['snapshot-id'],
          'sequence-number': last['sequence-number'] + 1,
          summary: { ...Object.fromEntries(facts), operation: last.summary.operation },
        };
        return {
          ...metadata,
          'last-sequence-number': own['sequence-number'],
          'current-snapshot-id': 7,
          refs: { ...metadata.refs, main: { type: 'branch', 'snapshot-id': 7 } },
          snapshots: [...metadata.snapshots, own],
        };
      },
    });
  const forgetOurs = () =>
    moveTable(ports, {
      table: 'dumps',
      name: 'forgets',
      next: (base, now) => {
        const gone = base.metadata.snapshots.filter((one) => one['snapshot-id'] !== 7);
        return expireSnapshots(base, new Set(gone.map((one) => one['snapshot-id'])), now);
      },
    });

  beforeEach(async () => {
    dump(...first);
    await run(merging);
    await writeElsewhere();
    dump(...first, [3, '07:00']);
  });

  test('its ancestors say where to go on, and are kept for that when old states are forgotten', async () => {
    const { kept } = await expireTable(ports, { table: 'dumps', before: Number.MAX_SAFE_INTEGER, keep: 1 });
    expect(kept).toHaveLength(2);
    expect(await cursor()).toBe('2026-01-01 06:30:00');
    await run(merging);
    expect([await cursor(), await ids()]).toEqual(['2026-01-01 07:00:00', '1 2 3']);
  });

  test('whose ancestors others have removed, nothing is read until a person says where to go on', async () => {
    await forgetOurs();
    const lost = { name: 'CursorLostError', change: expect.stringContaining('penstock cursor set dumps dumps') };
    const input = stageInput(merging, manual('lost'));
    await expect(runToGate(ports, merging, input)).rejects.toMatchObject(lost);
    await compensate(ports, merging, { ...input, error: { Error: lost.name }, state: 'Extract' });
    expect(await ids()).toBe('1 2');
    await setCursor(ports, { plan: merging.plan, source: 'dumps', to: '2026-01-01T06:30:00Z', by: 'ada' });
    await run(merging, manual('again'));
    expect([await cursor(), await ids()]).toEqual(['2026-01-01 07:00:00', '1 2 3']);
  });
});

describe('a cursor that a person sets', () => {
  const set = (code: PipelineCode, to: string, source = 'dumps') =>
    setCursor(ports, { plan: code.plan, source, to, by: 'ada' });

  test('lets the next run go on from there, with the rows that the table has', async () => {
    dump(...first, [3, '07:00']);
    await run(merging);
    const early = await set(merging, '2026-01-01T06:00:00Z');
    expect(early).toEqual({ to: '2026-01-01 06:00:00', before: { dumps: '2026-01-01 07:00:00' } });
    expect([await cursor(), await ids()]).toEqual(['2026-01-01 06:00:00', '1 2 3']);
    expect(ports.audit.entries).toMatchObject([
      { action: 'set-cursor', by: 'ada', detail: { source: 'dumps', outcome: 'begun' } },
      { action: 'set-cursor', by: 'ada', detail: { source: 'dumps', outcome: 'done' } },
    ]);
    // Done again, it changes nothing.
    const { version } = await ports.tables.pointer('dumps');
    await set(merging, '2026-01-01 06:00');
    expect((await ports.tables.pointer('dumps')).version).toBe(version);
    dump([2, '06:30'], [4, '06:05'], [5, '05:00']);
    await run(merging);
    expect([await cursor(), await ids()]).toEqual(['2026-01-01 06:30:00', '1 2 3 4']);
  });

  test('ends a run that is on its way with nothing published', async () => {
    dump(...first);
    await run(merging);
    dump([3, '07:00']);
    const input = stageInput(merging, manual('late'));
    await runToGate(ports, merging, input);
    await publish(ports, merging, input);
    await set(merging, '2026-01-01T05:00:00Z');
    await expect(commit(ports, merging, input)).rejects.toMatchObject({ name: 'CursorMovedError' });
    expect(await ids()).toBe('1 2');
  });

  test.each([
    ['of an unknown source', 'dumbs', '2026-01-01', 'has no source "dumbs"', 'did you mean "dumps"?'],
    ['to no value of its column', 'dumps', 'soon', 'is a value of "at"', 'correct it'],
    ['of an export', 'dumps', '2026-02-01', 'the cursor of an export', 'nothing was changed'],
  ])('%s is refused', async (_, source, to, problem, change) => {
    dump(...first);
    await run(appending);
    const before = await ports.tables.pointer('dumps');
    await expect(set(appending, to, source)).rejects.toMatchObject({
      name: 'CursorRefusedError',
      problem: expect.stringContaining(problem),
      change: expect.stringContaining(change),
    });
    expect([await ports.tables.pointer('dumps'), ports.audit.entries]).toEqual([before, []]);
  });

  test('is refused where no source has one, and it is said which have', async () => {
    const { plan } = merging;
    const bare = { ...plan, nodes: plan.nodes.map(({ incremental: _, ...node }: any) => node) };
    await expect(setCursor(ports, { plan: bare, source: 'dumps', to: '2026-01-01', by: 'ada' })).rejects.toMatchObject({
      allowed: 'none: no source of it does',
      change: expect.stringContaining('only what reads on by a column, `incremental: { by }`'),
    });
  });

  test('back is refused where rows would be there twice', async () => {
    const alone = await codeOf(
      pipeline('dumps', {
        outputs: [
          from(s3({ prefix: 'landing/dumps/', format: 'ndjson' }), record, { incremental: { by: 'at' } }).to(
            lake({ table: 'dumps' }),
          ),
        ],
      }),
    );
    dump(...first);
    await run(alone);
    await expect(set(alone, '2026-01-01T06:00:00Z')).rejects.toMatchObject({
      change: expect.stringContaining('roll the table back'),
    });
    await set(alone, '2026-01-01T08:00:00Z');
    dump([3, '07:00'], [4, '09:00']);
    await run(alone);
    expect(await ids()).toBe('1 2 4');
  });
});
