import { beforeEach, describe, expect, test } from 'vitest';
import { eventCatalogue } from '../../lib/component/event-catalogue.ts';
import { assess } from '../../lib/runtime/assess/assess.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { cloudEvent } from '../../lib/runtime/events/cloud-event.ts';
import { redriveRun } from '../../lib/runtime/operate/redrive-run.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { decideReview } from '../../lib/runtime/review/decide-review.ts';
import { expireReview } from '../../lib/runtime/review/expire-review.ts';
import { review } from '../../lib/runtime/review/review.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToGate, stageInput, tableRows } from '../fixtures/run-machine.ts';

const input = stageInput(pipeline, manual());
const { run } = input;
let ports: MemoryPorts;

beforeEach(async () => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  ports.objects.drop('landing/orders/a.csv', 'Rome,666\nRome,1\nOslo,1\nOslo,2');
  const { assessed } = await runToGate(ports, pipeline, input);
  expect(assessed.gate).toBe('review');
  await review(ports, pipeline, { ...input, taskToken: 'token' });
});

describe('a review', () => {
  test('waits with its deadline in the run, and is made known', async () => {
    const record = await ports.runs.find(run);
    expect(record).toMatchObject({ state: 'AwaitingReview', review: { taskToken: 'token' } });
    expect(ports.bus.events.at(-1)).toMatchObject({
      type: 'ReviewRequested',
      detail: { report: `reports/orders/${run}.json` },
    });
    expect(record!.review!.deadline - Date.UTC(2026, 0, 1)).toBeLessThan(3_700_000);
    expect(record!.review!.deadline - Date.UTC(2026, 0, 1)).toBeGreaterThanOrEqual(3_600_000);
  });

  test('asked for again takes the new token', async () => {
    await review(ports, pipeline, { ...input, taskToken: 'newer' });
    expect((await ports.runs.find(run))?.review?.taskToken).toBe('newer');
  });

  test('that is approved lets the run be published', async () => {
    await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
    expect(ports.tasks.succeeded.get('token')).toEqual({ decision: 'approve', by: 'Ada' });
    expect((await ports.runs.find(run))?.review).toMatchObject({ decision: 'approve', by: 'Ada' });
    await publish(ports, pipeline, input);
    await commit(ports, pipeline, input);
    expect(await tableRows(ports, 'orders')).toHaveLength(4);
  });

  test('that is rejected fails the task by name, and nothing can be published', async () => {
    await decideReview(ports, { run, decision: 'reject', by: 'Ada' });
    expect(ports.tasks.failed.get('token')?.error).toBe('ReviewRejectedError');
    await expect(publish(ports, pipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
    await compensate(ports, pipeline, { ...input, error: { Error: 'ReviewRejectedError' }, state: 'Await review' });
    expect(await ports.runs.find(run)).toMatchObject({ state: 'Failed', failure: { disposition: 'terminal' } });
  });

  test('is decided once: the first decision counts', async () => {
    await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
    const before = await ports.runs.find(run);
    for (const decision of ['reject', 'approve'] as const)
      await expect(decideReview(ports, { run, decision, by: 'Bob' })).rejects.toMatchObject({
        name: 'RunStateError',
        received: `the decision to ${decision} by Bob`,
        allowed: 'a run that still waits for its decision; Ada decided to approve',
        change: expect.stringContaining('nothing was changed'),
      });
    expect(await ports.runs.find(run)).toEqual(before);
    expect(ports.audit.entries).toMatchObject([{ action: 'approve', by: 'Ada' }]);
  });

  test('that released in part tells the same person when something else is to be held', async () => {
    const hold = { rules: ['1-complete'] };
    await decideReview(ports, { run, decision: 'release', by: 'Ada', hold });
    await decideReview(ports, { run, decision: 'release', by: 'Ada', hold });
    await expect(
      decideReview(ports, { run, decision: 'release', by: 'Ada', hold: { ...hold, tables: ['orders'] } }),
    ).rejects.toMatchObject({
      received: 'the decision to release, holding rows that break 1-complete and all of orders by Ada',
      allowed: expect.stringContaining('Ada decided to release, holding rows that break 1-complete'),
    });
    expect((await ports.runs.find(run))!.review!.hold).toEqual(hold);
  });

  test('decided by two at once ends with the decision of one', async () => {
    const outcomes = await Promise.allSettled([
      decideReview(ports, { run, decision: 'approve', by: 'Ada' }),
      decideReview(ports, { run, decision: 'reject', by: 'Bob' }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ports.tasks.succeeded.has('token')).not.toBe(ports.tasks.failed.has('token'));
  });

  test('whose answer was lost is answered by deciding again', async () => {
    const tasks = Object.assign(Object.create(ports.tasks), {
      succeed: async () => {
        throw new Error('lost');
      },
    });
    await expect(decideReview({ ...ports, tasks }, { run, decision: 'approve', by: 'Ada' })).rejects.toThrow('lost');
    await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
    expect(ports.tasks.succeeded.has('token')).toBe(true);
  });

  test.each(['approve', 'reject'] as const)(
    'to %s when its deadline has just passed, or whose first answer got through unheard, counts',
    async (decision) => {
      ports.tasks.ended.add('token');
      await decideReview(ports, { run, decision, by: 'Ada' });
      expect(ports.audit.entries).toMatchObject([{ action: decision, by: 'Ada' }]);
      expect(await expireReview(ports, pipeline, { ...input, expired: true })).toEqual({ decision, byDeadline: false });
    },
  );

  test('of a run that is stopped meanwhile is in the audit, and does not count', async () => {
    const tasks = Object.assign(Object.create(ports.tasks), {
      succeed: async () => {
        const to = { state: 'Running', phase: 'Compensating' } as const;
        await ports.runs.change({ run, from: [{ state: 'AwaitingReview' }], to, at: 1 });
        return 'gone';
      },
    });
    const decided = decideReview({ ...ports, tasks }, { run, decision: 'approve', by: 'Ada' });
    await expect(decided).rejects.toThrow(/is over/);
    expect(ports.audit.entries).toMatchObject([{ action: 'approve', by: 'Ada' }]);
  });
});

test('a run that was approved, could not be published and is redriven is not reviewed again', async () => {
  await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
  await publish(ports, pipeline, input);
  const error = { Error: 'ServiceUnavailableError', Cause: 'the lake is away' };
  await compensate(ports, pipeline, { ...input, error, state: 'Publish' });
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-orders';
  await redriveRun(ports, { run, stateMachineArn, by: 'Bob' });
  const { assessed } = await runToGate(ports, pipeline, input);
  expect(assessed).toMatchObject({ gate: 'review', decision: 'approve' });
  // A call whose answer was lost is made again.
  expect(await assess(ports, pipeline, input)).toEqual(assessed);
  const later = { run, decision: 'release', by: 'Bob' } as const;
  await expect(decideReview(ports, later)).rejects.toMatchObject({ name: 'RunStateError' });
  const asked = review(ports, pipeline, { ...input, taskToken: 'later' });
  await expect(asked).rejects.toMatchObject({ name: 'RunStateError' });
  await publish(ports, pipeline, input);
  await commit(ports, pipeline, input);
  expect(await tableRows(ports, 'orders')).toHaveLength(4);
  expect(await ports.runs.find(run)).toMatchObject({
    state: 'Completed',
    review: { decision: 'approve', by: 'Ada' },
    totals: { tables: { orders: 4 } },
  });
  expect(ports.bus.events.filter(({ type }) => type === 'ReviewRequested')).toHaveLength(1);
});

test('a run that is not under review can not be decided', async () => {
  await expect(decideReview(ports, { run: 'never', decision: 'approve', by: 'Ada' })).rejects.toMatchObject({
    name: 'RunMissingError',
  });
  await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
  await publish(ports, pipeline, input);
  await expect(decideReview(ports, { run, decision: 'reject', by: 'Ada' })).rejects.toMatchObject({
    name: 'RunStateError',
  });
});

describe('a reminder', () => {
  test('takes another token, keeps the deadline, and is told once', async () => {
    const { deadline } = (await ports.runs.find(run))!.review!;
    const reminder = { ...input, taskToken: 'later', reminds: true as const };
    expect(await review(ports, pipeline, reminder)).toEqual({ deadline });
    await review(ports, pipeline, { ...reminder, taskToken: 'later still' });
    expect((await ports.runs.find(run))!.review).toMatchObject({ taskToken: 'later still', deadline });
    const told = ports.bus.events.filter(({ type }) => type === 'ReviewReminded');
    expect(new Set(told.map((event) => cloudEvent(event).id)).size).toBe(1);
    expect(() => eventCatalogue.ReviewReminded.parse(told[0]!.detail)).not.toThrow();
  });

  test('comes too late where somebody has decided, and the decision counts', async () => {
    ports.tasks.ended.add('token');
    // A quarter of the hour before its end.
    await ports.clock.sleep(45 * 60_000);
    await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
    const reminder = { ...input, taskToken: 'later', reminds: true as const };
    await expect(review(ports, pipeline, reminder)).rejects.toMatchObject({ name: 'RunStateError' });
    expect(ports.bus.events.filter(({ type }) => type === 'ReviewReminded')).toEqual([]);
    const taken = await expireReview(ports, pipeline, { ...input, expired: true });
    expect(taken).toEqual({ decision: 'approve', byDeadline: false });
    expect(ports.audit.entries).toMatchObject([{ action: 'approve', by: 'Ada' }]);
  });
});

test('a review on which nobody has decided is rejected by the deadline, which the audit says', async () => {
  const taken = await expireReview(ports, pipeline, { ...input, expired: true });
  expect(taken).toEqual({ decision: 'reject', byDeadline: true });
  expect(await expireReview(ports, pipeline, { ...input, expired: true })).toEqual(taken);
  expect(ports.audit.entries).toMatchObject([{ action: 'reject', by: 'the deadline', run }]);
  expect((await ports.runs.find(run))!.review).toMatchObject({ decision: 'reject', by: 'the deadline' });
});
