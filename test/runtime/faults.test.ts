import { describe, expect, test } from 'vitest';
import { ServiceUnavailableError } from '../../lib/core/errors/service-unavailable-error.ts';
import { assess } from '../../lib/runtime/assess/assess.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { ChunkMessage, ExtractOutput } from '../../lib/runtime/messages.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { work } from '../../lib/runtime/worker/work.ts';
import { someOf } from '../fixtures/depth.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { type Fault, FaultLine } from '../fixtures/ports/faults.ts';
import { faultyPorts } from '../fixtures/ports/faulty-ports.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { chunkMessages, manual, stageInput, tableRows } from '../fixtures/run-machine.ts';

const input = stageInput(pipeline, manual());

function filledPorts(): MemoryPorts {
  const ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  ports.objects.drop(
    'landing/orders/a.csv',
    ['Rome,1', 'Rome,2', 'Oslo,3', 'Oslo,0', 'bad', 'Kiel,4', 'Kiel,5'].join('\n'),
  );
  ports.objects.drop('landing/orders/b.csv', ['Rome,10', 'Oslo,20', 'Kiel,30', 'Kiel,40', 'Bonn,50'].join('\n'));
  return ports;
}

/** Lambda and the state machine call again what failed. */
async function untilDone<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch {
    return call();
  }
}

/** A message comes back where the function threw; the machine sends a new one where the task failed. */
async function workUntilDone(ports: MemoryPorts, message: ChunkMessage): Promise<void> {
  const outcome = await untilDone(() => work(ports, pipeline, JSON.stringify(message)));
  if (outcome === 'failed')
    await work(ports, pipeline, JSON.stringify({ ...message, taskToken: `${message.taskToken}/again` }));
}

async function wholeRun(ports: MemoryPorts): Promise<void> {
  await untilDone(() => initialize(ports, pipeline, input));
  const extracted: ExtractOutput = await untilDone(() => extract(ports, pipeline, input));
  for (const stage of ['process', 'reduce-1']) {
    for (const message of await chunkMessages(filledView(ports), input, extracted, stage))
      await workUntilDone(ports, message);
  }
  await untilDone(() => assess(ports, pipeline, input));
  await untilDone(() => publish(ports, pipeline, input));
  await untilDone(() => commit(ports, pipeline, input));
}

/** The machine reads manifests itself; that is not a call of ours. */
function filledView(ports: MemoryPorts): Pick<MemoryPorts, 'objects'> {
  return { objects: views.get(ports) ?? ports.objects };
}
const views = new WeakMap<MemoryPorts, MemoryPorts['objects']>();

async function runWith(fault?: Fault) {
  const ports = filledPorts();
  const line = new FaultLine(fault, lostCall);
  const faulty = faultyPorts(ports, line);
  views.set(faulty, ports.objects);
  await wholeRun(faulty);
  return { ports, calls: line.calls };
}

function lostCall(): Error {
  return new ServiceUnavailableError({ problem: 'the connection was lost', change: 'try again' });
}

const { calls } = await runWith();

describe.each(['before', 'after'] as const)('a call that is lost %s its effect', (when) => {
  test.each(
    someOf(
      calls.map((call, at) => ({ call, at })),
      when === 'before' ? 0 : 1,
    ),
  )('changes nothing: $at $call', async ({ at }) => {
    const { ports } = await runWith({ at, when });
    expect(await tableRows(ports, 'orders')).toEqual([
      'Bonn,50',
      'Kiel,30',
      'Kiel,4',
      'Kiel,40',
      'Kiel,5',
      'Oslo,20',
      'Oslo,3',
      'Rome,1',
      'Rome,10',
      'Rome,2',
    ]);
    expect(await tableRows(ports, 'totals')).toEqual(['Bonn,50', 'Kiel,79', 'Oslo,23', 'Rome,13']);
    expect(await ports.runs.find(input.run)).toMatchObject({
      state: 'Completed',
      totals: { rowsIn: 12, rejected: 1, filtered: 1, merged: 6, tables: { orders: 10, totals: 4 } },
    });
    expect((await ports.tables.pointer('orders')).version).toBe(1);
  });
});

describe('compensation', () => {
  const failure = { ...input, error: { Error: 'LedgerImbalanceError' }, state: 'Assess' };

  async function failedRun(fault?: Fault) {
    const ports = filledPorts();
    await initialize(ports, pipeline, input);
    const extracted = await extract(ports, pipeline, input);
    for (const message of await chunkMessages(ports, input, extracted, 'process')) await workUntilDone(ports, message);
    const line = new FaultLine(fault, lostCall);
    const faulty = faultyPorts(ports, line);
    await untilDone(() => compensate(faulty, pipeline, failure));
    return { ports, calls: line.calls };
  }

  test('ends the same wherever a call is lost', async () => {
    const { calls: own } = await failedRun();
    for (const when of ['before', 'after'] as const) {
      for (const at of own.keys()) {
        const { ports } = await failedRun({ at, when });
        expect(await ports.runs.find(input.run)).toMatchObject({
          state: 'Failed',
          failure: { error: 'LedgerImbalanceError' },
        });
        expect(ports.objects.keys('curated/')).toEqual([]);
        expect(ports.objects.keys(`staged/orders/${input.run}`)).toEqual([
          `staged/orders/${input.run}/manifest/inputs.json`,
        ]);
        expect(ports.objects.keys('rejects/')).toHaveLength(1);
      }
    }
  });
});
