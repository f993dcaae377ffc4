import { beforeEach, describe, expect, test } from 'vitest';
import { compensate } from '../../lib/runtime/compensate.ts';
import { cancelRun } from '../../lib/runtime/operate/cancel-run.ts';
import { planDifference } from '../../lib/runtime/operate/plan-difference.ts';
import { retryRun } from '../../lib/runtime/operate/retry-run.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, runToGate, stageInput } from '../fixtures/run-machine.ts';

let ports: MemoryPorts;
const input = stageInput(ordersPipeline, manual());
const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-orders';

beforeEach(() => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  ports.objects.drop('landing/orders/a.csv', 'Rome,5');
});

const cancel = () => cancelRun(ports, { run: input.run, stateMachineArn, by: 'ada' });
const retry = (run: string, planDigest = input.planDigest) =>
  retryRun(ports, { run, stateMachineArn, planDigest, by: 'ben' });
const fail = () =>
  compensate(ports, ordersPipeline, { ...input, error: { Error: 'States.Timeout' }, state: 'Extract' });

describe('cancelling', () => {
  test('shuts the way to publish before the execution is stopped, whoever undoes the run then', async () => {
    await runToGate(ports, ordersPipeline, input);
    await publish(ports, ordersPipeline, input);
    await cancel();
    expect(ports.executions.stopped.get(input.run)).toEqual({ error: 'RunCancelledError', cause: 'cancelled by ada' });
    await expect(commit(ports, ordersPipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
    // The machine compensates for that failure, if it is faster than the news of its end.
    const error = { Error: 'RunStateError', Cause: 'ended while it was publishing' };
    await compensate(ports, ordersPipeline, { ...input, error, state: 'Commit' });
    const record = await ports.runs.find(input.run);
    expect(record).toMatchObject({ state: 'Cancelled', failure: { error: 'RunCancelledError' } });
    expect(ports.audit.entries).toMatchObject([{ action: 'cancel', by: 'ada', run: input.run, pipeline: 'orders' }]);
  });

  test('a run that has committed is refused, and changes nothing', async () => {
    await runToEnd(ports, ordersPipeline, input);
    const before = await ports.runs.find(input.run);
    await expect(cancel()).rejects.toMatchObject({
      name: 'RunStateError',
      problem: expect.stringContaining('has ended and can not be cancelled any more'),
      received: 'Completed and has published orders, totals',
      allowed: ['Triggered', 'Running', 'AwaitingReview'],
      change: 'nothing was changed',
    });
    expect(await ports.runs.find(input.run)).toEqual(before);
    expect(ports.executions.stopped.size + ports.audit.entries.length).toBe(0);
  });

  test('a run that nobody knows is refused', async () => {
    await expect(cancel()).rejects.toMatchObject({ name: 'RunMissingError' });
  });
});

describe('trying again', () => {
  test('starts a run of the same trigger under another name, once', async () => {
    await runToGate(ports, ordersPipeline, input);
    await fail();
    const { run } = await retry(input.run);
    expect(run).not.toBe(input.run);
    expect(ports.executions.started.get(run)?.input.trigger).toEqual({ ...manual(), attempt: 1 });
    expect(await retry(input.run)).toEqual({ run, outcome: 'exists' });
  });

  test('goes on counting where the attempt failed, too', async () => {
    const second = stageInput(ordersPipeline, { ...manual(), attempt: 1 });
    for (const one of [input, second]) {
      await runToGate(ports, ordersPipeline, one);
      const error = { Error: 'States.Timeout' };
      await compensate(ports, ordersPipeline, { ...one, error, state: 'Extract' });
    }
    const { run } = await retry(input.run);
    expect(ports.executions.started.get(run)?.input.trigger).toMatchObject({ attempt: 2 });
  });

  test('on another plan needs no attempt: the plan is in the name', async () => {
    await runToGate(ports, ordersPipeline, input);
    await fail();
    const { run } = await retry(input.run, 'f'.repeat(64));
    expect(ports.executions.started.get(run)?.input).toMatchObject({
      planDigest: 'f'.repeat(64),
      trigger: manual(),
    });
  });

  test('a run that goes on, or has completed, is refused', async () => {
    await runToGate(ports, ordersPipeline, input);
    await expect(retry(input.run)).rejects.toMatchObject({ name: 'RunStateError', received: 'Running' });
    await publish(ports, ordersPipeline, input);
    await commit(ports, ordersPipeline, input);
    await expect(retry(input.run)).rejects.toMatchObject({ name: 'RunStateError', received: 'Completed' });
  });
});

test('the difference of two plans names what was added, removed and changed', () => {
  const { plan } = ordersPipeline;
  const [first, ...others] = plan.nodes;
  const after = {
    ...plan,
    gate: { ...plan.gate, pass: 0.5 },
    overlap: { policy: 'queue' as const, runs: 2 },
    escalate: [{ afterSeconds: 0, to: ['ada@example.com'] }],
    nodes: [{ ...first!, options: { prefix: 'landing/other/' } }, ...others.slice(0, -1), { ...first!, id: 'new' }],
  };
  expect(planDifference(plan, plan)).toEqual([]);
  expect(planDifference(plan, after)).toEqual([
    { what: 'source', name: first!.id, change: 'changed', members: ['options'] },
    { what: 'output', name: others.at(-1)!.id, change: 'removed' },
    { what: 'setting', name: 'gate', change: 'changed', members: ['pass'] },
    { what: 'setting', name: 'overlap', change: 'changed', members: ['policy', 'runs'] },
    { what: 'setting', name: 'escalate', change: 'changed', members: ['0'] },
    { what: 'source', name: 'new', change: 'added' },
  ]);
});
