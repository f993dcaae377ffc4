import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ServiceUnavailableError } from '../../lib/core/errors/service-unavailable-error.ts';
import { assess } from '../../lib/runtime/assess/assess.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { ChunkMessage, StageInput } from '../../lib/runtime/messages.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { work } from '../../lib/runtime/worker/work.ts';
import { runs } from '../fixtures/depth.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { FaultLine } from '../fixtures/ports/faults.ts';
import { faultyPorts } from '../fixtures/ports/faulty-ports.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { chunkMessages, manual, stageInput, tableRows } from '../fixtures/run-machine.ts';

/** Without quality rules, so that no run stops at its gate. */
const pipeline = { ...ordersPipeline, plan: { ...ordersPipeline.plan, quality: [] } };

interface World {
  /** Rows of each file. */
  readonly files: readonly (readonly string[])[];
  /** For each call of a function, the calls of its own after which it is killed, if it gets so far. */
  readonly deaths: readonly { readonly at: number; readonly when: 'before' | 'after' }[];
  /** Decides which of the messages in flight is delivered next, and which ones twice. */
  readonly order: readonly number[];
  /** Runs that are started over the same files, at the same time. */
  readonly runs: number;
}

const row = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('Rome', 'Oslo', 'Kiel', 'Bonn'), fc.nat({ max: 20 }))
      .map(([city, n]) => `${city},${n}`),
  },
  { weight: 1, arbitrary: fc.constant('not a row') },
);
const world: fc.Arbitrary<World> = fc.record({
  files: fc.array(fc.array(row, { maxLength: 12 }), { minLength: 1, maxLength: 5 }),
  deaths: fc.array(fc.record({ at: fc.nat({ max: 12 }), when: fc.constantFrom('before' as const, 'after' as const) }), {
    maxLength: 30,
  }),
  order: fc.array(fc.nat({ max: 1000 }), { maxLength: 60 }),
  runs: fc.integer({ min: 1, max: 2 }),
});

class Simulation {
  readonly ports = memoryPorts();
  readonly #deaths: World['deaths'][number][];
  readonly #order: number[];

  constructor({ files, deaths, order }: World) {
    this.#deaths = [...deaths];
    this.#order = [...order];
    this.ports.objects.drop('reference/cities.csv', 'Rome,1');
    for (const [index, rows] of files.entries())
      this.ports.objects.drop(`landing/orders/${index}.csv`, rows.join('\n'));
  }

  /** Calls a function in an environment that may die; it is called again until it answers. */
  async call<Result>(one: (ports: MemoryPorts) => Promise<Result>): Promise<Result> {
    for (;;) {
      const death = this.#deaths.shift();
      const line = new FaultLine(death, () => new ServiceUnavailableError({ problem: 'lost', change: 'try again' }));
      try {
        return await one(faultyPorts(this.ports, line));
      } catch (error) {
        if (!(error instanceof ServiceUnavailableError)) throw error;
      }
    }
  }

  /** Delivers messages in a generated order, some of them twice, until every task is answered. */
  async deliver(messages: readonly ChunkMessage[]): Promise<void> {
    const flying = [...messages];
    while (flying.length > 0) {
      const choice = this.#order.shift() ?? 0;
      const index = choice % flying.length;
      const message = flying[index]!;
      const outcome = await this.call((ports) => work(ports, pipeline, JSON.stringify(message)));
      const delivered = choice % 3 !== 2;
      if (delivered) flying.splice(index, 1);
      if (outcome === 'failed') flying.push({ ...message, taskToken: `${message.taskToken}+` });
    }
  }

  /** What the state machine does; true where the run was completed. */
  async run(input: StageInput): Promise<boolean> {
    try {
      await this.call((ports) => initialize(ports, pipeline, input));
      const extracted = await this.call((ports) => extract(ports, pipeline, input));
      await this.deliver(await chunkMessages(this.ports, input, extracted, 'process'));
      if (!extracted.solo) await this.deliver(await chunkMessages(this.ports, input, extracted, 'reduce-1'));
      await this.call((ports) => assess(ports, pipeline, input));
      await this.call((ports) => publish(ports, pipeline, input));
      await this.call((ports) => commit(ports, pipeline, input));
      return true;
    } catch (error) {
      const failure = { ...input, error: { Error: (error as Error).name }, state: 'a state' };
      return (await this.call((ports) => compensate(ports, pipeline, failure))).state === 'Completed';
    }
  }
}

test('whatever dies, comes twice or comes late: every row ends in one place, once', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (generated) => {
      const simulation = new Simulation(generated);
      const inputs = Array.from({ length: generated.runs }, (_, n) => stageInput(pipeline, manual(`run-${n}`)));
      const completed = await Promise.all(inputs.map((input) => simulation.run(input)));
      expect(completed).toContain(true);

      const rows = generated.files.flat();
      const good = rows.filter((one) => one !== 'not a row' && !one.endsWith(',0'));
      const { ports } = simulation;
      expect(await tableRows(ports, 'orders')).toEqual([...good].sort());
      const records = await Promise.all(inputs.map(({ run }) => ports.runs.find(run)));
      const used = records.filter((record) => record?.state === 'Completed' && record.totals!.inputFiles > 0);
      expect(used).toHaveLength(1);
      expect(used[0]!.totals).toMatchObject({
        rowsIn: rows.length,
        rejected: rows.filter((one) => one === 'not a row').length,
        filtered: rows.filter((one) => one.endsWith(',0')).length,
        tables: { orders: good.length },
      });
      for (const record of records) expect(['Completed', 'Failed']).toContain(record?.state);
    }),
    { numRuns: runs({ some: 20, all: 300 }), seed: 20_260_101 },
  );
}, 60_000);
