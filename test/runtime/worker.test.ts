import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { LedgerImbalanceError } from '../../lib/core/errors/ledger-imbalance-error.ts';
import { ServiceUnavailableError } from '../../lib/core/errors/service-unavailable-error.ts';
import type { ChunkResult, OutputFile } from '../../lib/engine/chunk.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { ChunkMessage } from '../../lib/runtime/messages.ts';
import type { Engine } from '../../lib/runtime/ports/engine.ts';
import type { TaskReporter } from '../../lib/runtime/ports/task-reporter.ts';
import { work } from '../../lib/runtime/worker/work.ts';
import { manualClock } from '../../local/clocks/manual.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { lineEngine } from '../fixtures/ports/line-engine.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { chunkMessages, manual, stageInput } from '../fixtures/run-machine.ts';

const input = stageInput(pipeline, manual());
let ports: MemoryPorts;
let message: ChunkMessage;

beforeEach(async () => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  ports.objects.drop('landing/orders/a.csv', 'Rome,1\nOslo,2\nbad row 4711');
  await initialize(ports, pipeline, input);
  const extracted = await extract(ports, pipeline, input);
  message = (await chunkMessages(ports, input, extracted, 'process'))[0]!;
});

const run = (more: Partial<MemoryPorts> = {}, sent: ChunkMessage = message) =>
  work({ ...ports, ...more }, pipeline, JSON.stringify(sent));

/** An engine whose result is changed before it is handed over. */
const altered = (change: (result: ChunkResult) => ChunkResult): Engine => ({
  ...lineEngine,
  executeChunk: async (request) => change(await lineEngine.executeChunk(request)),
});

const failingEngine = (error: Error): Engine => ({
  ...lineEngine,
  executeChunk: async () => {
    throw error;
  },
});

/** Task tokens some of whose answers are changed. */
const tasksWith = (changes: Partial<TaskReporter>) =>
  ({
    heartbeat: (token) => ports.tasks.heartbeat(token),
    succeed: (token, output) => ports.tasks.succeed(token, output),
    fail: (token, told) => ports.tasks.fail(token, told),
    ...changes,
  }) satisfies TaskReporter as unknown as MemoryPorts['tasks'];

const failure = () => ports.tasks.failed.get(message.taskToken);
const nothingStored = () => ports.objects.keys().filter((key) => /^(curated|rejects)\//.test(key));

describe('a chunk', () => {
  test('reports its rows once its data and its ledger entry are stored', async () => {
    expect(await run()).toBe('succeeded');
    expect(ports.tasks.succeeded.get(message.taskToken)).toEqual({
      chunk: '000000',
      rowsIn: 3,
      rowsOut: 4,
      rejected: 1,
    });
    const entry = await ports.runs.ledgerRecord(input.run, 'process', '000000');
    expect(entry?.files?.map(({ key }) => key)).toEqual([
      `curated/orders/data/run=${input.run}/process-000000.parquet`,
      `curated/totals/data/run=${input.run}/process-000000.parquet`,
      `rejects/orders/run=${input.run}/process-000000.parquet`,
    ]);
    expect(entry?.milliseconds).toHaveProperty('fetch');
    expect(entry?.peakMemoryBytes).toBeGreaterThan(0);
  });

  test('that was done before is reported again without being computed', async () => {
    await run();
    const engine = failingEngine(new Error('must not run'));
    expect(await run({ engine }, { ...message, taskToken: 'second' })).toBe('succeeded');
    expect(ports.tasks.succeeded.get('second')).toEqual(ports.tasks.succeeded.get(message.taskToken));
  });

  test('whose message comes twice is stored once and answered once', async () => {
    expect(await Promise.all([run(), run()])).toEqual(expect.arrayContaining(['succeeded']));
    expect(ports.tasks.succeeded.size).toBe(1);
    expect(await ports.runs.ledgerRecords(input.run, 'process')).toHaveLength(1);
  });

  test('for which nobody waits any longer is not begun', async () => {
    ports.tasks.ended.add(message.taskToken);
    expect(await run({ engine: failingEngine(new Error('must not run')) })).toBe('discarded');
    expect(nothingStored()).toEqual([]);
  });

  test('keeps the size of what an earlier attempt stored', async () => {
    const key = `curated/orders/data/run=${input.run}/process-000000.parquet`;
    ports.objects.drop(key, 'the same two rows, written in another order', { rows: '2' });
    expect(await run()).toBe('succeeded');
    const entry = await ports.runs.ledgerRecord(input.run, 'process', '000000');
    expect(entry?.files?.find((file) => file.key === key)?.bytes).toBe(43);
  });

  test('fails where an earlier attempt stored other rows', async () => {
    ports.objects.drop(`curated/orders/data/run=${input.run}/process-000000.parquet`, 'x', { rows: '9' });
    expect(await run()).toBe('failed');
    expect(failure()?.error).toBe('ChunkDiffersError');
    expect(await ports.runs.ledgerRecord(input.run, 'process', '000000')).toBeUndefined();
  });

  test('keeps a long list of files in an object beside the ledger', async () => {
    const many = altered((result) => ({
      ...result,
      files: result.files.flatMap((file) =>
        file.of === 'table.orders'
          ? Array.from({ length: 400 }, (_, n) => ({ ...file, rows: n < 2 ? 1 : 0, name: `day=${n}/${file.name}` }))
          : [file],
      ),
    }));
    expect(await run({ engine: many })).toBe('succeeded');
    const entry = await ports.runs.ledgerRecord(input.run, 'process', '000000');
    expect(entry?.files).toBeUndefined();
    expect(ports.objects.json(entry!.filesAt!)).toHaveLength(402);
  });
});

describe('heartbeats', () => {
  /** An engine that works until it is told to stop. */
  function endlessEngine() {
    const seen: { signal?: AbortSignal } = {};
    const engine: Engine = {
      ...lineEngine,
      executeChunk: ({ signal }) =>
        new Promise((_, reject) => {
          seen.signal = signal;
          signal!.addEventListener('abort', () => reject(signal!.reason));
        }),
    };
    return { engine, seen };
  }

  test('are sent every 15 seconds while the chunk is at work, and no longer', async () => {
    const clock = manualClock();
    const { engine, seen } = endlessEngine();
    const working = run({ engine, clock });
    await expect.poll(() => seen.signal).toBeInstanceOf(AbortSignal);
    await clock.advance(46_000);
    expect(ports.tasks.heartbeats).toBe(1 + 3);
    ports.tasks.ended.add(message.taskToken);
    await clock.advance(15_000);
    await working;
    await clock.advance(60_000);
    expect(ports.tasks.heartbeats).toBe(1 + 4);
  });

  test('that say that nobody waits stop the work, and its result is thrown away', async () => {
    const clock = manualClock();
    const { engine, seen } = endlessEngine();
    const working = run({ engine, clock });
    await expect.poll(() => seen.signal).toBeInstanceOf(AbortSignal);
    ports.tasks.ended.add(message.taskToken);
    await clock.advance(15_000);
    expect(await working).toBe('discarded');
    expect(seen.signal!.aborted).toBe(true);
    expect(ports.tasks.failed.size + ports.tasks.succeeded.size).toBe(0);
    expect(nothingStored()).toEqual([]);
    // Nothing has failed: no alarm may go off.
    expect(ports.meter.values).toEqual([]);
    expect(ports.logger.lines.map(({ level }) => level)).not.toContain('error');
  });

  test('that say that nobody waits leave no entry, even where the engine does not stop', async () => {
    const clock = manualClock();
    let finish: (() => void) | undefined;
    const engine: Engine = {
      ...lineEngine,
      executeChunk: async (request) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { ...(await lineEngine.executeChunk(request)), steps: [], files: [] };
      },
    };
    const working = run({ engine, clock });
    await expect.poll(() => finish).toBeTypeOf('function');
    ports.tasks.ended.add(message.taskToken);
    await clock.advance(15_000);
    finish?.();
    expect(await working).toBe('discarded');
    expect(await ports.runs.ledgerRecord(input.run, 'process', '000000')).toBeUndefined();
  });

  test('that get lost do not stop the work', async () => {
    const clock = manualClock();
    let beats = 0;
    const tasks = tasksWith({
      async heartbeat() {
        if (beats++ > 0) throw new ServiceUnavailableError({ problem: 'throttled', change: 'wait' });
        return 'accepted';
      },
    });
    let finish: (() => void) | undefined;
    const engine: Engine = {
      ...lineEngine,
      executeChunk: async (request) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return lineEngine.executeChunk(request);
      },
    };
    const working = run({ engine, clock, tasks });
    await expect.poll(() => finish).toBeTypeOf('function');
    await clock.advance(40_000);
    expect(beats).toBe(3);
    finish?.();
    expect(await working).toBe('succeeded');
  });
});

describe('a failure', () => {
  test('of ours is told to the machine by name, with what to change', async () => {
    const error = new LedgerImbalanceError({
      problem: 'rows are missing',
      received: 3,
      allowed: 4,
      change: 'report this',
    });
    expect(await run({ engine: failingEngine(error) })).toBe('failed');
    expect(failure()?.error).toBe('LedgerImbalanceError');
    expect(JSON.parse(failure()!.cause)).toEqual({
      errorType: 'LedgerImbalanceError',
      errorMessage: 'rows are missing; received: 3; allowed: 4; report this',
      code: 'LEDGER_IMBALANCE',
      disposition: 'terminal',
      kind: 'permanent',
      problem: 'rows are missing',
      received: 3,
      allowed: 4,
      change: 'report this',
    });
  });

  test('that nobody expected is told by name alone: its text may quote a row', async () => {
    expect(await run({ engine: failingEngine(new RangeError('cannot read "bad row 4711"')) })).toBe('failed');
    expect(failure()?.error).toBe('RangeError');
    expect(JSON.stringify([failure(), ports.logger.lines])).not.toContain('4711');
    expect(JSON.parse(failure()!.cause).trace[0]).toContain('worker.test.ts');
  });

  test('that is long is cut to what Step Functions takes', async () => {
    const error = new LedgerImbalanceError({ problem: 'x', received: 'y'.repeat(100_000), change: 'z' });
    await run({ engine: failingEngine(error) });
    expect(failure()!.cause.length).toBeLessThanOrEqual(32_768);
    expect(JSON.parse(failure()!.cause).code).toBe('LEDGER_IMBALANCE');
  });

  test('to report brings the message back', async () => {
    const lost = tasksWith({
      succeed: async () => {
        throw new ServiceUnavailableError({ problem: 'no answer', change: 'try again' });
      },
    });
    await expect(run({ tasks: lost })).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
    expect(await run()).toBe('succeeded');
  });

  test('of a plan that has changed is told before anything is read', async () => {
    expect(await run({}, { ...message, planDigest: 'other' })).toBe('failed');
    expect(failure()?.error).toBe('PlanChangedError');
  });

  test('to find an input version is told as such', async () => {
    const item = { ...message.item, inputs: [{ ...message.item.inputs![0]!, versionId: 'gone' }] };
    expect(await run({}, { ...message, item })).toBe('failed');
    expect(failure()?.error).toBe('InputMissingError');
  });
});

test.each([
  ['is not JSON', 'not json'],
  ['is no object', '[]'],
  ['has no task token', JSON.stringify({ pipeline: 'orders' })],
])('a message that %s goes back to its queue, and so to the dead letters', async (_, body) => {
  await expect(work(ports, pipeline, body)).rejects.toMatchObject({ name: 'MessageMalformedError' });
});

describe('a chunk whose message cannot be read', () => {
  const broken = (change: object) => work(ports, pipeline, JSON.stringify({ ...message, ...change }));

  test('fails at once where the message says who waits for it', async () => {
    await expect(broken({ startedAt: 7 })).rejects.toMatchObject({ name: 'MessageMalformedError' });
    expect(failure()).toMatchObject({ error: 'MessageMalformedError' });
    const kept = { stage: 'process', chunk: '000000', error: 'MessageMalformedError' };
    expect(await ports.runs.chunkFailures(input.run)).toMatchObject([kept]);
  });

  test('fails with nothing kept where it does not say which chunk it is', async () => {
    await expect(broken({ item: null })).rejects.toMatchObject({ name: 'MessageMalformedError' });
    expect(failure()).toMatchObject({ error: 'MessageMalformedError' });
    expect(await ports.runs.chunkFailures(input.run)).toEqual([]);
  });
});

describe('a result that does not balance is refused and not stored', () => {
  const steps = (change: (node: string, step: ChunkResult['steps'][number]) => object) =>
    altered((result) => ({ ...result, steps: result.steps.map((step) => ({ ...step, ...change(step.node, step) })) }));
  const file = (of: string, change: Partial<OutputFile>) =>
    altered((result) => ({
      ...result,
      files: result.files.map((one) => (one.of === of ? { ...one, ...change } : one)),
    }));

  test.each([
    ['a step that loses a row', steps((node, step) => (node === 'orders' ? { rowsIn: step.rowsIn + 1 } : {}))],
    [
      'rows that vanish between two steps',
      steps((node, step) => (node === 'orders.1-filter' ? { rowsIn: step.rowsIn - 1, rowsOut: step.rowsOut - 1 } : {})),
    ],
    ['a table file with fewer rows than counted', file('table.orders', { rows: 1 })],
    ['rejects that are not written', file('process', { rows: 0 })],
    ['a negative count', steps((node) => (node === 'orders' ? { filtered: -1, rejected: 2 } : {}))],
    ['a step that is counted twice', altered((result) => ({ ...result, steps: [...result.steps, result.steps[0]!] }))],
  ])('%s', async (_, engine) => {
    expect(await run({ engine })).toBe('failed');
    expect(failure()?.error).toBe('LedgerImbalanceError');
    expect(nothingStored()).toEqual([]);
  });
});

describe('a reduce chunk', () => {
  async function cutRun() {
    for (const name of ['b', 'c', 'd']) {
      ports.objects.drop(`landing/orders/${name}.csv`, ['Rome,1', 'Oslo,2', 'Kiel,3', 'Bonn,4', 'Pisa,5'].join('\n'));
    }
    const other = stageInput(pipeline, manual('cut'));
    await initialize(ports, pipeline, other);
    const extracted = await extract(ports, pipeline, other);
    return {
      process: await chunkMessages(ports, other, extracted, 'process'),
      reduce: await chunkMessages(ports, other, extracted, 'reduce-1'),
    };
  }

  test('waits for no chunk: where one before it is missing, it fails', async () => {
    const { process, reduce } = await cutRun();
    for (const sent of process.slice(1)) await run({}, sent);
    expect(await run({}, reduce[0]!)).toBe('failed');
    expect(ports.tasks.failed.get(reduce[0]!.taskToken)?.error).toBe('LedgerImbalanceError');
  });

  test('reads what the ledger lists and not what lies around', async () => {
    const { process, reduce } = await cutRun();
    for (const sent of process) await run({}, sent);
    ports.objects.drop(`staged/orders/${reduce[0]!.run}/process/x1/p=0/stray.parquet`, 'Rome,1000');
    for (const sent of reduce) expect(await run({}, sent)).toBe('succeeded');
    const rows = ports.objects.keys('curated/totals/').flatMap((key) => ports.objects.text(key)!.split('\n'));
    expect(rows.sort()).toEqual(['Bonn,12', 'Kiel,9', 'Oslo,8', 'Pisa,15', 'Rome,4']);
  });
});

test('the folder of a chunk is empty again after it, whatever happened', async () => {
  let folder = '';
  const engine: Engine = {
    ...lineEngine,
    async executeChunk({ workFolder }) {
      folder = workFolder;
      await writeFile(join(workFolder, 'left over'), 'x');
      throw new Error('stop');
    },
  };
  await run({ engine });
  await expect(writeFile(join(folder, 'probe'), '')).rejects.toMatchObject({ code: 'ENOENT' });
});
