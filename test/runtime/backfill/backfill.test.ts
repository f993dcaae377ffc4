import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { filter, from, lake, pipeline, s3 } from '../../../lib/index.ts';
import { beginBackfill } from '../../../lib/runtime/backfill/begin-backfill.ts';
import { cancelBackfill } from '../../../lib/runtime/backfill/cancel-backfill.ts';
import { type BackfillRequest, planBackfill } from '../../../lib/runtime/backfill/plan-backfill.ts';
import { type BackfillProgress, backfillProgress } from '../../../lib/runtime/backfill/progress.ts';
import { runBackfill } from '../../../lib/runtime/backfill/run-backfill.ts';
import { cursorFactsOf } from '../../../lib/runtime/cursor/cursor-facts.ts';
import { redriveRun } from '../../../lib/runtime/operate/redrive-run.ts';
import { retryRun } from '../../../lib/runtime/operate/retry-run.ts';
import type { PipelineCode } from '../../../lib/runtime/pipeline-code.ts';
import { readMetadata } from '../../../lib/runtime/publish/read-table.ts';
import { type EnginePorts, enginePorts } from '../../fixtures/assessed-run.ts';
import { FaultLine } from '../../fixtures/ports/faults.ts';
import { faultyPorts } from '../../fixtures/ports/faulty-ports.ts';
import { RunningExecutions } from '../../fixtures/ports/running-executions.ts';
import { codeOf, publishedRows } from '../../fixtures/replayed.ts';
import { manual, runToEnd, stageInput } from '../../fixtures/run-machine.ts';
import { runOnce } from '../../fixtures/run-once.ts';

const record = z.object({ id: z.int(), day: z.iso.date(), note: z.string() });
const range = {
  from: { type: 'date', default: null },
  to: { type: 'date', default: null },
} as const;
const inRange = "coalesce(day >= param('from'), true) AND coalesce(day < param('to'), true)";
const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-sales';
const now = Date.UTC(2026, 1, 1);

let merging: PipelineCode;
let replacing: PipelineCode;
let ports: EnginePorts;
let executions: RunningExecutions;

beforeAll(async () => {
  const source = s3({ prefix: 'landing/sales/', format: 'ndjson' });
  const goingOn = from(source, record, { incremental: { by: 'day', lag: '1 day' } }).pipe(filter(inRange));
  merging = await codeOf(
    pipeline('sales', {
      parameters: range,
      outputs: [goingOn.to(lake({ table: 'sales', mode: 'merge', key: ['id'], by: 'note' }))],
    }),
  );
  const all = from(source, record).pipe(filter(inRange));
  replacing = await codeOf(
    pipeline('sales', {
      parameters: range,
      outputs: [
        all.to(lake({ table: 'sales', mode: 'replacePartitions', partitionBy: ['month(day)'] })),
        all.to(lake({ table: 'log' })),
      ],
    }),
  );
});

beforeEach(() => use(merging));

function use(code: PipelineCode): void {
  ports = enginePorts();
  executions = new RunningExecutions(ports, code);
  Object.assign(ports, { executions });
}

const drop = (name: string, note: string, ...days: readonly string[]) =>
  ports.objects.drop(
    `landing/sales/${name}.ndjson`,
    days.map((day) => JSON.stringify({ id: Number(day.replaceAll('-', '')), day: `2026-${day}`, note })).join('\n'),
  );
async function rows(): Promise<string> {
  const texts = await publishedRows(ports, 'sales');
  return texts
    .map((text) => JSON.parse(text))
    .map(({ day, note }) => `${day.slice(5)}${note}`)
    .sort()
    .join(' ');
}

/** The same pipeline, deployed anew. */
const edition = (name: string): PipelineCode => ({
  ...merging,
  plan: { ...merging.plan, digest: name.repeat(merging.plan.digest.length) },
});

type Asked = Omit<BackfillRequest, 'plan'>;
const january: Asked = { from: '2026-01-01', to: '2026-01-04' };

/** As the command does it, each time. */
async function backfill(code: PipelineCode, asked: Asked, parallel = 2, own = ports) {
  const { plan } = code;
  const begun = await beginBackfill(own, plan, planBackfill({ plan, ...asked }, now), 'ada');
  const told: BackfillProgress[] = [];
  const work = { begun, planDigest: plan.digest, stateMachineArn, parallel };
  const progress = await runBackfill(own, { ...work, progress: (one) => told.push(one) });
  return { id: begun.record.id, begun, progress, told };
}

describe('a backfill', () => {
  test('runs its range in slices beside the pipeline, whose files and cursor it leaves alone', async () => {
    drop('a', 'first', '01-01', '01-02', '01-05');
    const live = await runOnce(ports, merging, manual('live'));
    // It came late, behind the cursor and its lag; and no run of the pipeline has it yet.
    drop('b', 'late', '01-02', '01-03');
    const { id, progress, told } = await backfill(merging, january);
    expect(progress).toMatchObject({ slices: 3, completed: 3, failed: 0, running: 0, rows: 4, failures: {} });
    expect(told.map(({ completed }) => completed)).toEqual([1, 2, 3]);
    expect(told[0]).toMatchObject({ remainingMilliseconds: expect.any(Number) });
    expect(await rows()).toBe('01-01first 01-02late 01-03late 01-05first');
    expect(await ports.backfills.find('sales', id)).toMatchObject({ state: 'Completed', by: 'ada', slices: 3 });
    const { metadata } = await ports.tables.pointer('sales');
    expect(Object.values(cursorFactsOf(await readMetadata(ports.objects, metadata!)))).toEqual(['2026-01-05']);
    const [claim] = await ports.runs.claims('sales', 'landing/sales/a.ndjson');
    expect(claim!.run).toBe(live.input.run);
    expect(await ports.runs.claims('sales', 'landing/sales/b.ndjson')).toEqual([]);
    expect(ports.audit.entries).toMatchObject([{ action: 'backfill', by: 'ada', detail: { id, slice: '1 day' } }]);
  });

  test('that is asked for again runs only what is missing or has failed', async () => {
    drop('a', '', '01-01', '01-02', '01-03');
    executions.before = (trigger) => trigger.kind === 'backfill' && trigger.slice === '2026-01-02' && !trigger.attempt;
    const first = await backfill(merging, january);
    expect(first.progress).toMatchObject({ completed: 2, failed: 1, failures: { '2026-01-02': expect.any(String) } });
    expect(await rows()).toBe('01-01 01-03');
    expect(await ports.backfills.find('sales', first.id)).toMatchObject({ state: 'Open' });
    const second = await backfill(merging, january);
    expect([second.id, second.progress.completed, executions.started.size]).toEqual([first.id, 3, 4]);
    expect(await rows()).toBe('01-01 01-02 01-03');
    // Nothing is left to do.
    expect((await backfill(merging, january)).progress.completed).toBe(3);
    expect(executions.started.size).toBe(4);
    expect(await backfillProgress(ports, second.begun.record)).toMatchObject({ slices: 3, completed: 3, rows: 3 });
    // Another name is another backfill.
    expect((await backfill(merging, { ...january, name: 'again' })).id).not.toBe(first.id);
    expect(executions.started.size).toBe(7);
  });

  test('has what somebody made of a failed slice by trying its run again', async () => {
    drop('a', '', '01-01', '01-02', '01-03');
    executions.before = (trigger) => trigger.kind === 'backfill' && trigger.slice === '2026-01-02' && !trigger.attempt;
    const { id, progress } = await backfill(merging, january);
    const failed = { run: progress.failures['2026-01-02']!, stateMachineArn, planDigest: merging.plan.digest };
    await retryRun(ports, { ...failed, by: 'ben' });
    expect((await backfill(merging, january)).progress).toMatchObject({ completed: 3, failed: 0, rows: 3 });
    expect([await rows(), executions.started.size]).toEqual(['01-01 01-02 01-03', 4]);
    expect(await ports.backfills.find('sales', id)).toMatchObject({ state: 'Completed' });
  });

  test('has it, too, where another plan was deployed in between, and yet another by then', async () => {
    drop('a', '', '01-01', '01-02', '01-03');
    executions.before = (trigger) => trigger.kind === 'backfill' && trigger.slice === '2026-01-02' && !trigger.attempt;
    const { id, progress } = await backfill(merging, january);
    const run = progress.failures['2026-01-02']!;
    executions.before = () => false;
    const next = edition('a');
    executions.code = next;
    const tried = await retryRun(ports, { run, stateMachineArn, planDigest: next.plan.digest, by: 'ben' });
    expect((await backfillProgress(ports, { id, slices: 3 })).completed).toBe(3);
    const last = edition('b');
    executions.code = last;
    // What is done is not done once more, by whichever of its runs it is asked for.
    await expect(
      retryRun(ports, { run, stateMachineArn, planDigest: last.plan.digest, by: 'ben' }),
    ).rejects.toMatchObject({ name: 'RunStateError', received: 'Completed' });
    expect((await backfill(last, january)).progress).toMatchObject({ completed: 3, failed: 0, rows: 3 });
    expect([await rows(), executions.started.size, executions.started.has(tried.run)]).toEqual([
      '01-01 01-02 01-03',
      4,
      true,
    ]);
    expect(await ports.backfills.find('sales', id)).toMatchObject({ state: 'Completed' });
  });

  test('takes the run for its attempt that somebody has begun on the plan that is deployed', async () => {
    drop('a', '', '01-01', '01-02', '01-03');
    executions.before = (trigger) => trigger.kind === 'backfill' && trigger.slice === '2026-01-02' && !trigger.attempt;
    const { id, progress } = await backfill(merging, january);
    const noted = (await ports.backfills.slices(id)).find(({ slice }) => slice === '2026-01-02')!;
    const next = edition('a');
    executions.code = next;
    executions.before = () => false;
    const planDigest = next.plan.digest;
    await retryRun(ports, { run: progress.failures['2026-01-02']!, stateMachineArn, planDigest, by: 'ben' });
    // As it is while the one who tries again has noted it, and the command has not looked since.
    await ports.backfills.noteSlice(id, noted);
    expect((await backfill(next, january)).progress).toMatchObject({ completed: 3, failed: 0 });
    expect([await rows(), executions.started.size]).toEqual(['01-01 01-02 01-03', 4]);
  });

  test('is closed by who asks for another one in its range, where its last slice was done by a redrive', async () => {
    drop('a', '', '01-01', '01-02', '01-03', '01-04');
    executions.error = 'ServiceUnavailableError';
    executions.before = (trigger) => trigger.kind === 'backfill' && trigger.slice === '2026-01-02' && !trigger.attempt;
    const { id, progress } = await backfill(merging, january);
    const other = { from: '2026-01-03', to: '2026-01-05' };
    await expect(backfill(merging, other)).rejects.toMatchObject({ name: 'BackfillRefusedError' });
    executions.before = () => false;
    await redriveRun(ports, { run: progress.failures['2026-01-02']!, stateMachineArn, by: 'ben' });
    expect(await ports.backfills.find('sales', id)).toMatchObject({ state: 'Open' });
    expect((await backfill(merging, other)).progress).toMatchObject({ completed: 2, slices: 2 });
    expect(await ports.backfills.find('sales', id)).toMatchObject({ state: 'Completed' });
  });

  test('that is cancelled in the middle begins no further slice, and goes on when it is asked for again', async () => {
    drop('a', '', '01-01', '01-02', '01-03');
    const { id } = planBackfill({ plan: merging.plan, ...january }, now).record;
    executions.before = async (trigger) => {
      if (trigger.kind === 'backfill' && trigger.slice === '2026-01-01')
        await cancelBackfill(ports, { pipeline: 'sales', id, stateMachineArn, by: 'ben' });
      return false;
    };
    const cancelled = await backfill(merging, january, 1);
    expect(cancelled.progress).toMatchObject({ completed: 1, running: 0 });
    expect(await ports.backfills.find('sales', id)).toMatchObject({ state: 'Cancelled' });
    await expect(cancelBackfill(ports, { pipeline: 'sales', id, stateMachineArn, by: 'ben' })).rejects.toMatchObject({
      name: 'BackfillRefusedError',
      received: 'Cancelled',
    });
    executions.before = () => false;
    expect((await backfill(merging, january)).progress.completed).toBe(3);
    expect([await rows(), executions.started.size]).toEqual(['01-01 01-02 01-03', 3]);
  });

  test('whose command dies between noting a slice and starting it, or before it hears of it, loses and doubles nothing', async () => {
    drop('a', '', '01-01', '01-02', '01-03');
    const start = executions.start.bind(executions);
    const dying = async (before: boolean) => {
      executions.start = async (request) => {
        if (!before) await start(request);
        throw new Error('the connection was lost');
      };
      await expect(backfill(merging, january)).rejects.toThrow('the connection was lost');
    };
    await dying(true);
    await dying(false);
    executions.start = start;
    expect((await backfill(merging, january)).progress).toMatchObject({ completed: 3, failed: 0, rows: 3 });
    expect([await rows(), executions.started.size]).toEqual(['01-01 01-02 01-03', 3]);
  });

  test('whose command is killed before and after each of its calls, and asked for again, runs each slice once', async () => {
    drop('a', '', '01-01', '01-02', '01-03');
    /** Only the command dies: runs that it started go on. */
    const dying = (line: FaultLine) => {
      const { audit, backfills } = ports;
      const through = { audit: line.through('audit', audit), backfills: line.through('backfills', backfills) };
      return { ...faultyPorts(ports, line), ...through, executions: line.through('executions', executions) };
    };
    let deaths = 0;
    let done = false;
    for (let at = 0; !done; at++) {
      for (const when of ['before', 'after'] as const) {
        done = await backfill(merging, january, 2, dying(new FaultLine({ at, when }))).then(
          ({ progress }) => progress.completed === 3,
          () => {
            deaths++;
            return false;
          },
        );
      }
    }
    expect(deaths).toBeGreaterThan(20);
    expect([await rows(), executions.started.size]).toEqual(['01-01 01-02 01-03', 3]);
    expect(await ports.backfills.find('sales', (await backfill(merging, january)).id)).toMatchObject({
      state: 'Completed',
    });
  });

  test('publishes each slice once, whoever runs it', async () => {
    drop('a', '', '01-01');
    await backfill(merging, { ...january, to: '2026-01-02' });
    const [started] = [...executions.started.values()];
    const twin = {
      ...stageInput(merging, { ...started!.input.trigger, attempt: 7 }),
      startedAt: '2026-02-02T00:00:00.000Z',
    };
    await expect(runToEnd(ports, merging, twin)).rejects.toMatchObject({
      name: 'InputConsumedError',
      problem: expect.stringContaining('has published the slice 2026-01-01'),
    });
  });

  test('replaces whole partitions of the tables that it names, and leaves others alone', async () => {
    use(replacing);
    drop('a', 'old', '01-01', '01-31', '02-01');
    await runOnce(ports, replacing, manual('live'));
    ports.objects.remove(['landing/sales/a.ndjson']);
    drop('b', 'new', '01-01', '01-30', '02-02');
    const logged = await ports.tables.pointer('log');
    const asked = { from: '2026-01-01', to: '2026-02-01', slice: '1 month', tables: ['sales'] };
    expect((await backfill(replacing, asked)).progress).toMatchObject({ slices: 1, completed: 1, rows: 2 });
    expect(await rows()).toBe('01-01new 01-30new 02-01old');
    expect(await ports.tables.pointer('log')).toEqual(logged);
  });

  test('takes one partition of its input for each slice, where that is named by its beginning', async () => {
    const days = from(s3({ prefix: 'landing/days/{from}/', format: 'ndjson' }), record);
    const code = await codeOf(
      pipeline('sales', {
        parameters: { from: 'date' },
        outputs: [days.to(lake({ table: 'sales', mode: 'replacePartitions', partitionBy: ['day'] }))],
      }),
    );
    use(code);
    for (const day of ['01-01', '01-02', '01-09'])
      ports.objects.drop(`landing/days/2026-${day}/a.ndjson`, JSON.stringify({ id: 1, day: `2026-${day}`, note: '' }));
    expect((await backfill(code, january)).progress).toMatchObject({ slices: 3, completed: 3, rows: 2 });
    expect(await rows()).toBe('01-01 01-02');
    await expect(backfill(code, { from: '2026-01-20', to: '2026-01-22' })).rejects.toMatchObject({
      problem: expect.stringContaining('no data in the range'),
      received: expect.stringContaining('landing/days/2026-01-20/'),
    });
  });

  test('of days without rows changes no table', async () => {
    drop('a', '', '01-05');
    await runOnce(ports, merging, manual('live'));
    const before = await ports.tables.pointer('sales');
    expect((await backfill(merging, january)).progress).toMatchObject({ completed: 3, rows: 0 });
    expect(await ports.tables.pointer('sales')).toEqual(before);
  });
});

describe('a backfill is refused', () => {
  const refused = (code: () => PipelineCode, asked: Partial<Asked>, problem: string) => async () => {
    drop('a', '', '01-01');
    await expect(backfill(code(), { ...january, ...asked })).rejects.toMatchObject({
      name: 'BackfillRefusedError',
      problem: expect.stringContaining(problem),
      received: expect.anything(),
      allowed: expect.anything(),
      change: expect.any(String),
    });
    expect([executions.started.size, (await ports.backfills.list('sales')).length, ports.audit.entries.length]).toEqual(
      [0, 0, 0],
    );
  };
  test(
    'that ends before it begins',
    refused(() => merging, { to: '2025-12-01' }, 'ends before it begins'),
  );
  test(
    'that is empty',
    refused(() => merging, { to: january.from }, 'ends before it begins'),
  );
  test(
    'in the future',
    refused(() => merging, { from: '2027-01-01', to: '2027-01-03' }, 'lies in the future'),
  );
  test(
    'up to the future',
    refused(() => merging, { to: '2026-02-03' }, 'ends in the future'),
  );
  test(
    'of a bound that is none',
    refused(() => merging, { from: 'January' }, 'is no date'),
  );
  test(
    'that is given a bound beside its range',
    refused(() => merging, { parameters: { from: '2026-01-01' } }, 'is what the range is cut by'),
  );
  test(
    'of too large slices',
    refused(() => merging, { slice: '1 month' }, 'larger than the range'),
  );
  test(
    'of parts of days',
    refused(() => merging, { slice: '6 hours' }, 'can not be cut into shorter'),
  );
  test(
    'of slices that are none',
    refused(() => merging, { slice: 'daily' }, 'not the length of a slice'),
  );
  test(
    'of an unknown table',
    refused(() => merging, { tables: ['sale'] }, 'publishes no table "sale"'),
  );
  test(
    'of an appended table',
    refused(() => replacing, { tables: ['log'] }, 'would be there twice'),
  );
  test(
    'of a part of a partition',
    refused(() => replacing, { tables: ['sales'] }, 'in the place of a whole partition'),
  );
  test('of parts that the pipeline cannot read', async () => {
    const sales = from(s3({ prefix: 'landing/sales/', format: 'ndjson' }), record);
    const plain = await codeOf(
      pipeline('sales', { outputs: [sales.to(lake({ table: 'sales', mode: 'merge', key: ['id'] }))] }),
    );
    await refused(() => plain, {}, 'does not say how its input is parted')();
  });

  test('where there is no data', async () => {
    await expect(backfill(merging, january)).rejects.toMatchObject({
      problem: expect.stringContaining('no data in the range'),
    });
    expect(await ports.backfills.list('sales')).toEqual([]);
  });

  test('where another one has not ended', async () => {
    drop('a', '', '01-01');
    executions.before = () => true;
    const open = await backfill(merging, january);
    await expect(backfill(merging, { from: '2026-01-03', to: '2026-01-05' })).rejects.toMatchObject({
      allowed: expect.stringContaining(open.id),
      change: expect.stringContaining(`backfill cancel ${open.id}`),
    });
    expect((await ports.backfills.list('sales')).length).toBe(1);
  });
});
