import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ServiceUnavailableError } from '../../lib/core/errors/service-unavailable-error.ts';
import type { HoldRequest } from '../../lib/engine/index.ts';
import type { ReplayTrigger } from '../../lib/runtime/messages.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { findReplays } from '../../lib/runtime/replay/find-replays.ts';
import { decideReview } from '../../lib/runtime/review/decide-review.ts';
import { release } from '../../lib/runtime/review/release.ts';
import { review } from '../../lib/runtime/review/review.ts';
import { someOf } from '../fixtures/depth.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { type Fault, FaultLine } from '../fixtures/ports/faults.ts';
import { faultyPorts } from '../fixtures/ports/faulty-ports.ts';
import { lineEngine } from '../fixtures/ports/line-engine.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, runToGate, stageInput, tableRows } from '../fixtures/run-machine.ts';

const lostCall = () => new ServiceUnavailableError({ problem: 'the connection was lost', change: 'try again' });

/** The state machine calls again what failed. */
async function untilDone(call: () => Promise<unknown>): Promise<void> {
  await call().catch(() => call());
}

/** Does it once without a fault, and then with each call lost in turn, before and after its effect. */
async function atEveryCall(attempt: (fault?: Fault) => Promise<FaultLine>): Promise<number> {
  const { calls } = await attempt();
  const faults = [...calls.keys()].flatMap((at) => (['before', 'after'] as const).map((when) => ({ at, when })));
  for (const fault of someOf(faults)) await attempt(fault);
  return calls.length;
}

async function filled(): Promise<MemoryPorts> {
  const ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  return ports;
}

describe('a call that is lost', () => {
  test.each([
    ['adds its rows', {}],
    ['makes those of its run anew', { whole: true as const }],
  ])('while a replay %s brings them neither twice nor not at all', async (_, kind) => {
    const calls = await atEveryCall(async (fault) => {
      const ports = await filled();
      ports.objects.drop('landing/orders/a.csv', 'Oslo,1\nbad');
      const first = stageInput(pipeline, manual());
      await runToEnd(ports, pipeline, first);
      const key = `rejects/orders/replays/${first.run}/orders-1.parquet`;
      ports.objects.drop(key, 'Rome,7');
      const inputs = [{ source: 'orders', key, size: 6, rows: 1 }];
      const trigger: ReplayTrigger = {
        kind: 'replay',
        of: first.run,
        tables: ['orders', 'totals'],
        number: 1,
        attempt: 0,
        inputs,
        ...kind,
      };
      const replay = stageInput(pipeline, trigger);
      await runToGate(ports, pipeline, replay);
      await publish(ports, pipeline, replay);
      const line = new FaultLine(fault, lostCall);
      const faulty = faultyPorts(ports, line);
      await untilDone(() => commit(faulty, pipeline, replay));
      expect(await tableRows(ports, 'orders')).toEqual(['Oslo,1', 'Rome,7']);
      expect(await tableRows(ports, 'totals')).toEqual(['Oslo,1', 'Rome,7']);
      expect((await findReplays(ports, first)).map(({ run, state }) => [run, state])).toEqual([
        [replay.run, 'Completed'],
      ]);
      return line;
    });
    expect(calls).toBeGreaterThan(8);
  });

  test('while a run is released in part holds each row once', async () => {
    await atEveryCall(async (fault) => {
      const ports = await filled();
      ports.objects.drop('landing/orders/a.csv', 'Rome,666\nRome,1\nOslo,1\nOslo,2');
      const input = stageInput(pipeline, manual());
      await runToGate(ports, pipeline, input);
      await review(ports, pipeline, { ...input, taskToken: 'token' });
      await decideReview(ports, { run: input.run, decision: 'release', by: 'Ada', hold: { rules: ['amounts'] } });
      const line = new FaultLine(fault, lostCall);
      const faulty = { ...faultyPorts(ports, line), engine: { ...lineEngine, holdRows: holdLines } };
      await untilDone(() => release(faulty, pipeline, input));
      await untilDone(() => publish(faulty, pipeline, input));
      await untilDone(() => commit(faulty, pipeline, input));
      expect(await tableRows(ports, 'orders')).toEqual(['Oslo,1', 'Oslo,2', 'Rome,1']);
      const record = await ports.runs.find(input.run);
      expect(record).toMatchObject({ state: 'Completed', totals: { rowsIn: 4, rejected: 1, tables: { orders: 3 } } });
      expect(await ports.runs.ledgerRecords(input.run, 'review')).toMatchObject([
        { chunk: 'table.orders', steps: [{ rowsIn: 4, rowsOut: 3, rejected: 1 }] },
      ]);
      return line;
    });
  });
});

/** Holds the lines whose amount is 666. */
async function holdLines({ files, workFolder, output }: HoldRequest) {
  const write = async (name: string, kind: 'table' | 'rejects', lines: readonly string[]) => {
    const path = join(workFolder, name);
    await writeFile(path, lines.join('\n'));
    return { path, kind, of: output, name, rows: lines.length, bytes: (await stat(path)).size };
  };
  const lines = (await readFile(files[0]!.path, 'utf8')).split('\n');
  const held = lines.filter((one) => one.endsWith(',666'));
  const kept = await write(
    'kept',
    'table',
    lines.filter((one) => !held.includes(one)),
  );
  return { rules: { amounts: held.length }, kept: { 0: kept }, rejects: await write('held', 'rejects', held) };
}
