import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { complete, fresh, lake, unique, within } from '../../lib/index.ts';
import { assess } from '../../lib/runtime/assess/assess.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { duckdbEngine } from '../../lib/runtime/duckdb-engine.ts';
import { redriveRun } from '../../lib/runtime/operate/redrive-run.ts';
import type { Hold } from '../../lib/runtime/ports/run-store.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { replayedObjects } from '../../lib/runtime/replay/replayed-objects.ts';
import { decideReview } from '../../lib/runtime/review/decide-review.ts';
import { expireReview } from '../../lib/runtime/review/expire-review.ts';
import { release } from '../../lib/runtime/review/release.ts';
import { review } from '../../lib/runtime/review/review.ts';
import { assessedRun } from '../fixtures/assessed-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { publishedRows, rejectsOf } from '../fixtures/replayed.ts';
import { expectValid } from './lineage/event-schemas.ts';

const record = z.object({ city: z.string().nullable(), n: z.int(), on: z.iso.date() });
const rows = [
  { city: 'Rome', n: 1, on: '2025-12-31' },
  { city: null, n: 2, on: '2025-12-30' },
  { city: 'Oslo', n: 2, on: '2025-12-30' },
  { city: 'Bonn', n: 900, on: '2025-12-29' },
  { city: null, n: 900, on: '2025-12-29' },
];
const quality = [complete('city', { atLeast: 1 }), unique(['n']), within('n', 0, 9), fresh('on', '3 days')];

async function waiting(files = 1) {
  const run = await assessedRun({
    record,
    rows,
    quality,
    files,
    gate: { pass: 1, review: 0 },
    outputs: (dataset) => [dataset.to(lake({ table: 'copies', partitionBy: ['on'] }))],
  });
  await review(run.ports, run.code, { ...run.input, taskToken: 'token' });
  return run;
}

async function released(hold?: Hold, files = 1) {
  const run = await waiting(files);
  const { ports, code, input } = run;
  await decideReview(ports, { run: input.run, decision: 'release', by: 'Ada', hold });
  await expect(publish(ports, code, input)).rejects.toMatchObject({ name: 'RunStateError' });
  const { tables } = await release(ports, code, input);
  expect(await release(ports, code, input)).toEqual({ tables });
  await publish(ports, code, input);
  await commit(ports, code, input);
  return { ...run, tables };
}

describe('a run that is released in part', () => {
  test('is not made anew by a replay, which would publish what is held', async () => {
    const { ports, code, input } = await released();
    const trigger = { kind: 'replay', of: input.run, number: 1, attempt: 0, inputs: [], whole: true } as const;
    expect(await replayedObjects(ports, code, { ...trigger, tables: ['copies'] })).toHaveLength(1);
    await expect(replayedObjects(ports, code, { ...trigger, tables: ['rows'] })).rejects.toMatchObject({
      code: 'REPLAY_IMPOSSIBLE',
      received: expect.stringMatching(/^[1-9] rows of rows$/),
      change: expect.stringContaining('--rule'),
    });
  });

  test('and redriven because it could not be published holds the same rows, whatever is asked for then', async () => {
    const { ports, code, input } = await waiting();
    const { run } = input;
    await decideReview(ports, { run, decision: 'release', by: 'Ada' });
    const { tables } = await release(ports, code, input);
    const { totals } = (await ports.runs.find(run))!;
    await publish(ports, code, input);
    const error = { Error: 'ServiceUnavailableError', Cause: 'the lake is away' };
    await compensate(ports, code, { ...input, error, state: 'Publish' });
    await redriveRun(ports, { run, stateMachineArn: 'arn:aws:states:us-east-1:1:stateMachine:m', by: 'Bob' });
    const from = [{ state: 'Running', phase: 'Retrying' }] as const;
    await ports.runs.change({ run, from, to: { state: 'Running', phase: 'Executing' }, at: ports.clock.now() });
    expect(await assess(ports, code, input)).toMatchObject({ decision: 'release' });
    await expect(decideReview(ports, { run, decision: 'approve', by: 'Bob' })).rejects.toMatchObject({
      name: 'RunStateError',
    });
    expect(await release(ports, code, input)).toEqual({ tables });
    await publish(ports, code, input);
    await commit(ports, code, input);
    expect(await publishedRows(ports, 'rows')).toEqual(['{"city":"Rome","n":1,"on":"2025-12-31"}']);
    expect(await ports.runs.find(run)).toMatchObject({ state: 'Completed', totals });
  });

  test.each([1, 3])(
    'publishes the rows that break no rule, from %i files, and holds the others as rejects',
    async (files) => {
      const { ports, input, tables } = await released(undefined, files);
      expect(await publishedRows(ports, 'rows')).toEqual(['{"city":"Rome","n":1,"on":"2025-12-31"}']);
      expect(await publishedRows(ports, 'copies')).toHaveLength(5);
      expect(tables).toMatchObject({ 'table.rows': { table: 'rows', rows: 1, held: 4 } });
      const rejects = await query(
        `SELECT "row", stage, node, rule, reason, raw, form FROM read_parquet([${(await rejectsOf(ports, input)).map((path) => `'${path}'`)}]) ORDER BY file, "row"`,
      );
      expect(rejects.map(({ rule }) => rule).sort()).toEqual(['1-complete', '1-complete', '2-unique', '3-within']);
      expect(rejects.find(({ rule }) => rule === '3-within')).toMatchObject({
        stage: 'review',
        node: 'table.rows',
        reason: 'held in review: 3-within',
        raw: '{"city":"Bonn","n":900,"on":"2025-12-29"}',
        form: null,
      });
      const [held] = await ports.runs.ledgerRecords(input.run, 'review');
      expect(held!.steps).toMatchObject([{ node: 'table.rows', rowsIn: 5, rowsOut: 1, rejected: 4 }]);
      expect(await ports.runs.find(input.run)).toMatchObject({
        state: 'Completed',
        totals: { rowsIn: 5, rejected: 4, tables: { rows: 1, copies: 5 } },
        review: { decision: 'release', by: 'Ada', released: { 'table.rows': { rows: 1, held: 4 } } },
      });
      const events = ports.objects.json(`reports/rows/${input.run}.openlineage.json`);
      for (const event of events) expectValid(event);
      expect(events.at(-1).outputs[0].outputFacets.outputStatistics).toMatchObject({ rowCount: 1 });
    },
  );

  test('holds rows of the rules that were named only, and tables whole', async () => {
    const { ports, tables } = await released({ rules: ['3-within'], tables: ['copies'] });
    expect(tables).toMatchObject({ 'table.rows': { rows: 3, held: 2 }, 'table.copies': { rows: 0, held: 5 } });
    expect(await publishedRows(ports, 'copies')).toEqual([]);
    expect((await ports.tables.pointer('copies')).version).toBe(1);
  });

  test('fails where the parts do not make the whole', async () => {
    const { ports, code, input } = await waiting();
    await decideReview(ports, { run: input.run, decision: 'release', by: 'Ada' });
    const losing = {
      ...ports,
      engine: {
        ...duckdbEngine,
        holdRows: async (request: any) => ({ ...(await duckdbEngine.holdRows(request)), rules: { '1-complete': 3 } }),
      },
    };
    await expect(release(losing, code, input)).rejects.toMatchObject({ name: 'LedgerImbalanceError' });
    await expect(publish(ports, code, input)).rejects.toMatchObject({ name: 'RunStateError' });
  });
});

describe('a review on which nobody decides in time', () => {
  test.each(['approve', 'release', undefined] as const)('ends as the pipeline says: %s', async (afterDeadline) => {
    const { ports, code, input } = await waiting();
    const plan = { ...code.plan, gate: { ...code.plan.gate, ...(afterDeadline && { afterDeadline }) } };
    const decision = afterDeadline ?? 'reject';
    expect(await expireReview(ports, { ...code, plan }, { ...input, expired: true })).toEqual({
      decision,
      byDeadline: true,
    });
    expect(await ports.runs.find(input.run)).toMatchObject({
      phase: 'Decided',
      review: { decision, by: 'the deadline' },
    });
    expect(ports.bus.events.at(-1)).toMatchObject({ type: 'ReviewDecided', detail: { decision } });
    expect(ports.audit.entries).toMatchObject([{ action: decision, by: 'the deadline', run: input.run }]);
  });

  test('keeps a decision that was taken in the last moment', async () => {
    const { ports, code, input } = await waiting();
    ports.tasks.ended.add('token');
    await decideReview(ports, { run: input.run, decision: 'reject', by: 'Ada' }).catch(() => undefined);
    const plan = { ...code.plan, gate: { ...code.plan.gate, afterDeadline: 'approve' as const } };
    expect(await expireReview(ports, { ...code, plan }, { ...input, expired: true })).toEqual({
      decision: 'reject',
      byDeadline: false,
    });
  });
});
