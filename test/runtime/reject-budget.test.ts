import { describe, expect, test } from 'vitest';
import type { RejectBudget } from '../../lib/component/plan.ts';
import { stepCount } from '../../lib/engine/ledger.ts';
import { assess } from '../../lib/runtime/assess/assess.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import { requireBudget, spendRejects } from '../../lib/runtime/ledger/reject-budget.ts';
import type { ChunkMessage } from '../../lib/runtime/messages.ts';
import { work } from '../../lib/runtime/worker/work.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { chunkMessages, manual, runChunks, runToGate, stageInput } from '../fixtures/run-machine.ts';

/** Files of four rows each, the given number of which are bad. */
async function runOf(rejects: RejectBudget, badRows: readonly number[]) {
  const ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  for (const [file, bad] of badRows.entries())
    ports.objects.drop(
      `landing/orders/${file}.csv`,
      Array.from({ length: 4 }, (_, row) => (row < bad ? 'bad!!!' : 'Rome,1')).join('\n'),
    );
  const pipeline = {
    ...ordersPipeline,
    plan: { ...ordersPipeline.plan, rejects, resources: { ...ordersPipeline.plan.resources, chunkBytes: 30 } },
  };
  const input = stageInput(pipeline, manual());
  return { ports, pipeline, input };
}

/** Works the chunks of Process in order; the first one that fails is the last one, as in a Map. */
async function worked({ ports, pipeline, input }: Awaited<ReturnType<typeof runOf>>): Promise<number> {
  await initialize(ports, pipeline, input);
  const messages = await chunkMessages(ports, input, await extract(ports, pipeline, input), 'process');
  for (const [index, message] of messages.entries())
    if ((await work(ports, pipeline, JSON.stringify(message))) !== 'succeeded') return index + 1;
  return messages.length;
}

describe('a run that rejects too many rows', () => {
  test.each<[string, RejectBudget, readonly number[], number]>([
    ['by their number stops at the chunk that is one too many', { count: 2 }, [1, 1, 1, 0, 0], 3],
    ['by their share stops when the rest cannot make it good', { share: 0.25 }, [4, 0, 2, 0, 0], 3],
    ['in no chunk at all is stopped by the first', { count: 0 }, [0, 1, 0], 2],
  ])('%s', async (_, budget, bad, chunks) => {
    const run = await runOf(budget, bad);
    expect(await worked(run)).toBe(chunks);
    const { ports, pipeline, input } = run;
    const error = { Error: 'States.ExceedToleratedFailureThreshold' };
    const { failure } = await compensate(ports, pipeline, { ...input, error, state: 'Process chunks' });
    expect(failure).toMatchObject({
      error: 'RejectBudgetExceededError',
      code: 'REJECT_BUDGET_EXCEEDED',
      disposition: 'terminal',
    });
    expect(failure.message).toContain('the run rejects more rows than its pipeline allows');
    expect(ports.objects.keys('curated/')).toEqual([]);
    expect(ports.objects.keys(`rejects/orders/run=${input.run}/`)).not.toEqual([]);
  });

  test('is stopped at its assessment at the latest, and leaves its report', async () => {
    const { ports, pipeline, input } = await runOf({ share: 0.5 }, [4, 4, 1]);
    const lenient = { ...pipeline, plan: { ...pipeline.plan, rejects: undefined } };
    const strict = { ...pipeline, plan: { ...pipeline.plan, rejects: { share: 0.5 } } };
    await initialize(ports, lenient, input);
    const extracted = await extract(ports, lenient, input);
    await runChunks(ports, lenient, input, extracted);
    await expect(assess(ports, strict, input)).rejects.toMatchObject({
      received: '9 of 12 rows',
      allowed: 'a share of 0.5, at most 6 of these rows',
    });
    // As JSON and as a page, beside the plan that the run began with.
    expect(ports.objects.keys('reports/').filter((key) => !key.includes('/plans/'))).toHaveLength(2);
  });
});

test('a run whose rows break a critical rule stops without any budget', async () => {
  const { ports, pipeline, input } = await runOf({}, [0]);
  const item = { stage: 'process', chunk: '0' } as ChunkMessage['item'];
  const step = (critical?: number) => [
    { ...stepCount('orders', { rowsIn: 4, rejected: 3 }), ...(critical && { critical }) },
  ];
  const plan = { ...pipeline.plan, rejects: undefined };
  await spendRejects(ports, plan, { ...input, item }, step());
  await expect(spendRejects(ports, plan, { ...input, item }, step(2))).rejects.toMatchObject({
    code: 'CRITICAL_REJECT',
    received: '2 rows',
  });
});

test.each([0.07, 0.28, 0.29, 0.55, 0.57, 0.58, 1])(
  'a share of %s is kept by as many of a hundred, and by no more',
  (share) => {
    const plan = { ...ordersPipeline.plan, rejects: { share } };
    const rejected = Math.round(share * 100);
    const spend = (some: number, rows = 100) => requireBudget(plan, manual(), { rejected: some, rows });
    expect(() => spend(rejected)).not.toThrow();
    expect(() => spend(0, 0)).not.toThrow();
    const told = `a share of ${share}, at most ${rejected} of these rows`;
    expect(() => spend(rejected + 1)).toThrow(expect.objectContaining({ allowed: told }));
  },
);

test('a run within its budget is left alone', async () => {
  const { ports, pipeline, input } = await runOf({ share: 0.5, count: 6 }, [4, 1, 1]);
  await runToGate(ports, pipeline, input);
  expect(await ports.runs.find(input.run)).toMatchObject({ phase: 'Assessing', totals: { rejected: 6, rowsIn: 12 } });
});
