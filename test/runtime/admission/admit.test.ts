import { describe, expect, test } from 'vitest';
import type { Overlap } from '../../../lib/component/plan.ts';
import { compensate } from '../../../lib/runtime/compensate.ts';
import { extract } from '../../../lib/runtime/extract/extract.ts';
import { initialize } from '../../../lib/runtime/initialize.ts';
import type { StageInput } from '../../../lib/runtime/messages.ts';
import type { PipelineCode } from '../../../lib/runtime/pipeline-code.ts';
import { ordersPipeline } from '../../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, stageInput } from '../../fixtures/run-machine.ts';

const limited = (more: object): PipelineCode => ({ ...ordersPipeline, plan: { ...ordersPipeline.plan, ...more } });
const overlapping = (policy: Overlap['policy'], runs = 1) => limited({ overlap: { policy, runs } });
const lease = 'pipeline/orders';

/** The nth run; each begins a second after the one before. */
function nth(pipeline: PipelineCode, number: number): StageInput {
  const startedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString();
  return { ...stageInput(pipeline, manual(`r${number}`)), startedAt };
}

async function outcomes(ports: MemoryPorts, pipeline: PipelineCode, inputs: readonly StageInput[]) {
  const found: (string | undefined)[] = [];
  for (const input of inputs) found.push((await initialize(ports, pipeline, input)).admission?.outcome);
  return found;
}

const failed = (input: StageInput) => ({
  ...input,
  error: { Error: 'InputMissingError', Cause: '' },
  state: 'Extract',
});

describe('a pipeline that allows overlap', () => {
  test('takes no lease', async () => {
    const ports = memoryPorts();
    expect(await initialize(ports, ordersPipeline, nth(ordersPipeline, 1))).not.toHaveProperty('admission');
    expect(await ports.leases.find(lease)).toEqual({ holders: {}, waiting: {} });
  });
});

describe('a pipeline that queues', () => {
  const pipeline = overlapping('queue');
  const [a, b, c] = [nth(pipeline, 1), nth(pipeline, 2), nth(pipeline, 3)];

  test('lets one run begin, and the next in the order in which they started', async () => {
    const ports = memoryPorts();
    expect(await outcomes(ports, pipeline, [a, c, b])).toEqual(['admitted', 'waiting', 'waiting']);
    expect((await ports.runs.find(b.run))?.state).toBe('Triggered');
    await compensate(ports, pipeline, failed(a));
    expect(await outcomes(ports, pipeline, [c, b, c])).toEqual(['waiting', 'admitted', 'waiting']);
    expect(ports.bus.events.filter(({ type }) => type === 'PipelineStarted').map(({ run }) => run)).toEqual([
      a.run,
      b.run,
    ]);
  });

  test('admits a run again that asks twice', async () => {
    const ports = memoryPorts();
    expect(await outcomes(ports, pipeline, [a, a])).toEqual(['admitted', 'admitted']);
  });

  test('lets as many runs be at work as it says', async () => {
    const three = overlapping('queue', 2);
    expect(await outcomes(memoryPorts(), three, [a, b, c])).toEqual(['admitted', 'admitted', 'waiting']);
  });

  test('keeps no lease when a run has come to its end', async () => {
    const ports = memoryPorts();
    ports.objects.drop('landing/orders/a.json', 'a,1\n');
    ports.objects.drop('reference/cities.csv', 'a');
    await runToEnd(ports, pipeline, a);
    expect(await ports.leases.find(lease)).toEqual({ holders: {}, waiting: {} });
  });

  test('leaves no lease with a run that ended before a late call took it', async () => {
    const ports = memoryPorts();
    const { admit } = ports.leases;
    ports.leases.admit = async (...args) => {
      ports.leases.admit = admit;
      await compensate(ports, pipeline, failed(a));
      return admit.apply(ports.leases, args);
    };
    await expect(initialize(ports, pipeline, a)).rejects.toThrow('has ended before it could go on');
    expect(await ports.leases.find(lease)).toEqual({ holders: {}, waiting: {} });
  });

  test('leaves no place in the queue to a run that ended before a late call asked for one', async () => {
    const ports = memoryPorts();
    await outcomes(ports, pipeline, [a]);
    const { wait } = ports.leases;
    ports.leases.wait = async (...args) => {
      await compensate(ports, pipeline, failed(b));
      return wait.apply(ports.leases, args);
    };
    await expect(initialize(ports, pipeline, b)).rejects.toThrow('has ended before it could go on');
    expect((await ports.leases.find(lease)).waiting).toEqual({});
  });

  test('forgets a run that was ended while it waited', async () => {
    const ports = memoryPorts();
    await outcomes(ports, pipeline, [a, b, c]);
    await compensate(ports, pipeline, failed(b));
    await compensate(ports, pipeline, failed(a));
    expect(await outcomes(ports, pipeline, [c])).toEqual(['admitted']);
  });

  test('takes the lease of a run whose record has ended without giving it back, and of no other', async () => {
    const ports = memoryPorts();
    await outcomes(ports, pipeline, [a, b]);
    expect(await outcomes(ports, pipeline, [b])).toEqual(['waiting']);
    const from = [{ state: 'Running' as const }];
    await ports.runs.change({ run: a.run, from, to: { state: 'Failed' }, at: 0 });
    expect(await outcomes(ports, pipeline, [b])).toEqual(['admitted']);
  });

  test('asks soon at first, and seldom after hours', async () => {
    const ports = memoryPorts();
    const long = { ...nth(pipeline, 2), startedAt: new Date(ports.clock.now() - 20 * 3600_000).toISOString() };
    await initialize(ports, pipeline, a);
    const now = { ...nth(pipeline, 3), startedAt: new Date(ports.clock.now()).toISOString() };
    const waits = [now, long].map(async (input) => (await initialize(ports, pipeline, input)).admission);
    expect(await Promise.all(waits)).toMatchObject([{ waitSeconds: 5 }, { waitSeconds: 300 }]);
  });
});

describe('a pipeline that skips', () => {
  const pipeline = overlapping('skip');
  const [a, b, c] = [nth(pipeline, 1), nth(pipeline, 2), nth(pipeline, 3)];

  test('does not begin a run while another is at work, and says which', async () => {
    const ports = memoryPorts();
    expect(await outcomes(ports, pipeline, [a, b])).toEqual(['admitted', 'skipped']);
    expect(await ports.runs.find(b.run)).toMatchObject({
      state: 'Cancelled',
      failure: { code: 'RUN_SKIPPED', message: expect.stringContaining(a.run) },
    });
    expect(ports.bus.events.at(-1)).toMatchObject({ type: 'PipelineCancelled', run: b.run });
    await compensate(ports, pipeline, failed(a));
    expect(await outcomes(ports, pipeline, [b, c])).toEqual(['skipped', 'admitted']);
  });

  test('does not end in peace a run that somebody cancels meanwhile: its execution has to undo it', async () => {
    const ports = memoryPorts();
    await outcomes(ports, pipeline, [a]);
    const { find } = ports.leases;
    ports.leases.find = async (name) => {
      const to = { state: 'Running', phase: 'Compensating' } as const;
      await ports.runs.change({ run: b.run, from: [{ state: 'Triggered' }], to, at: 1 });
      return find.call(ports.leases, name);
    };
    await expect(initialize(ports, pipeline, b)).rejects.toThrow('has ended before it could go on');
    expect(await ports.runs.find(b.run)).toMatchObject({ state: 'Running', phase: 'Compensating' });
  });
});

describe('a pipeline that replaces', () => {
  const pipeline = overlapping('replace');
  const [a, b] = [nth(pipeline, 1), nth(pipeline, 2)];

  test('shuts the way of the older run, waits until it is undone, and begins', async () => {
    const ports = memoryPorts();
    ports.objects.drop('reference/cities.csv', 'a');
    expect(await outcomes(ports, pipeline, [a, b])).toEqual(['admitted', 'waiting']);
    for (let asked = 0; asked < 2; asked++)
      expect((await initialize(ports, pipeline, b)).admission).toMatchObject({ outcome: 'waiting', replaces: a.run });
    await expect(extract(ports, pipeline, a)).rejects.toMatchObject({ name: 'RunStateError' });
    await compensate(ports, pipeline, failed(a));
    expect((await ports.runs.find(a.run))?.state).toBe('Cancelled');
    expect(await outcomes(ports, pipeline, [b])).toEqual(['admitted']);
  });

  test('lets no late call of a newer run that has ended take the place of another', async () => {
    const ports = memoryPorts();
    ports.objects.drop('reference/cities.csv', 'a');
    await outcomes(ports, pipeline, [b]);
    await compensate(ports, pipeline, failed(b));
    expect(await outcomes(ports, pipeline, [a])).toEqual(['admitted']);
    await expect(initialize(ports, pipeline, b)).rejects.toThrow('has ended before it could go on');
    expect((await ports.runs.find(a.run))?.phase).toBe('Initializing');
  });

  test('does not let an older run, which comes late, take the place of a newer one', async () => {
    expect(await outcomes(memoryPorts(), pipeline, [b, a])).toEqual(['admitted', 'skipped']);
  });

  const publishes = (ports: MemoryPorts, { run }: StageInput) => {
    const to = { state: 'Running', phase: 'Completing' } as const;
    return ports.runs.change({ run, from: [{ state: 'Running' }], to, at: ports.clock.now() });
  };

  test('takes a run out of the line that has waited and leaves its place to a newer one', async () => {
    const ports = memoryPorts();
    const c = nth(pipeline, 3);
    await outcomes(ports, pipeline, [a]);
    await publishes(ports, a);
    expect(await outcomes(ports, pipeline, [b, c])).toEqual(['waiting', 'waiting']);
    await ports.leases.release(lease, a.run);
    expect(await outcomes(ports, pipeline, [c, b])).toEqual(['admitted', 'skipped']);
    expect(await ports.leases.find(lease)).toEqual({ holders: { [c.run]: expect.any(Number) }, waiting: {} });
  });

  test('leaves a run to its end that has begun to publish', async () => {
    const ports = memoryPorts();
    await outcomes(ports, pipeline, [a]);
    await publishes(ports, a);
    expect((await initialize(ports, pipeline, b)).admission).toEqual({
      outcome: 'waiting',
      waitSeconds: expect.any(Number),
    });
    expect((await ports.runs.find(a.run))?.phase).toBe('Completing');
  });
});

describe('something that pipelines share', () => {
  const one = limited({ shares: { 'orders-database': 1 } });
  const other = limited({ shares: { 'orders-database': 1, api: 5 }, pipeline: 'returns', digest: 'beef'.repeat(16) });

  test('is used by as many runs as it bears, whichever pipeline they are of', async () => {
    const ports = memoryPorts();
    expect(await outcomes(ports, one, [nth(one, 1)])).toEqual(['admitted']);
    expect(await outcomes(ports, other, [nth(other, 2)])).toEqual(['waiting']);
    await compensate(ports, one, failed(nth(one, 1)));
    expect(await outcomes(ports, other, [nth(other, 2)])).toEqual(['admitted']);
    expect(Object.keys((await ports.leases.find('resource/api')).holders)).toHaveLength(1);
  });
});
