import { beforeEach, describe, expect, test } from 'vitest';
import { compensate } from '../../../lib/runtime/compensate.ts';
import { type EscalationOutput, escalate } from '../../../lib/runtime/escalation/escalate.ts';
import { type CloudEvent, cloudEvent } from '../../../lib/runtime/events/cloud-event.ts';
import { eventsOfCircuit } from '../../../lib/runtime/events/events-of-circuit.ts';
import { acknowledgeRun } from '../../../lib/runtime/operate/acknowledge-run.ts';
import { retryRun } from '../../../lib/runtime/operate/retry-run.ts';
import type { Circuit } from '../../../lib/runtime/ports/circuits.ts';
import { releaseKept } from '../../../lib/runtime/release-kept.ts';
import { decideReview } from '../../../lib/runtime/review/decide-review.ts';
import { review } from '../../../lib/runtime/review/review.ts';
import { ordersPipeline as pipeline } from '../../fixtures/orders-plan.ts';
import { MemoryCircuits } from '../../fixtures/ports/memory-circuits.ts';
import { type MemoryPorts, memoryPorts } from '../../fixtures/ports/memory-ports.ts';
import { manual, runToGate, stageInput } from '../../fixtures/run-machine.ts';

const levels = [
  { afterSeconds: 0, to: ['ada@example.com'] },
  { afterSeconds: 1800, to: ['bob@example.com', 'cyd@example.com'] },
];
const topics = [['level-1'], ['level-2', 'more']];
const input = stageInput(pipeline, manual());
const { run } = input;
let ports: MemoryPorts & { circuits: MemoryCircuits };

beforeEach(async () => {
  ports = { ...memoryPorts(), circuits: new MemoryCircuits() };
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  ports.objects.drop('landing/orders/a.csv', 'Rome,666\nRome,1\nOslo,1\nOslo,2');
  await runToGate(ports, pipeline, input);
});

const failure = { Error: 'ServiceUnavailableError', Cause: JSON.stringify({ errorMessage: 'the lake is away' }) };
const badData = { Error: 'QualityGateError', Cause: JSON.stringify({ errorMessage: 'the score is too low' }) };
const fail = () => compensate(ports, pipeline, { ...input, error: failure, state: 'Publish' });
const lastOf = (type: string) => cloudEvent(ports.bus.events.findLast((event) => event.type === type)!);

/** Drives it as the machine does, waiting as it is told; who was told, and when, in seconds. */
async function drive(event: CloudEvent, { execution = 'e1', meanwhile = async () => {} } = {}) {
  const begin = ports.clock.now();
  const told: [number, string][] = [];
  let last: EscalationOutput | undefined;
  do {
    last = await escalate(ports, { levels, topics }, { ...(last ? { ...last, topics: [] } : event), execution });
    for (const topic of last.topics) told.push([Math.round((ports.clock.now() - begin) / 1000), topic]);
    if (!last.over) await ports.clock.sleep(last.waitSeconds * 1000);
    await meanwhile();
  } while (!last.over);
  return { told, last };
}

describe('a run that failed', () => {
  test('is told to each level at its time', async () => {
    await fail();
    const { told, last } = await drive(lastOf('PipelineFailed'));
    expect(told).toEqual([
      [0, 'level-1'],
      [1800, 'level-2'],
      [1800, 'more'],
    ]);
    expect(last.notice.subject).toBe('penstock: orders failed (ServiceUnavailableError)');
    expect(last.notice.message).toContain('the lake is away');
    expect(last.notice.message).toContain(`npx penstock run redrive ${run}`);
    // It is the state of an execution.
    expect(JSON.stringify(last).length).toBeLessThan(8_000);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['for a cause in its data', () => compensate(ports, pipeline, { ...input, error: badData, state: 'Gate' })],
    [
      'and of which nothing is kept any more',
      async () => {
        await fail();
        await releaseKept(ports, pipeline, { specversion: '1.0', pipeline: 'orders', run });
      },
    ],
  ])('%s is told with the command that takes it', async (_, end) => {
    await end();
    const { last } = await drive(lastOf('PipelineFailed'));
    expect(last.notice.message).toContain(`npx penstock run retry ${run}`);
    expect(last.notice.message).not.toContain('redrive');
  });

  test('is told by one of the executions that its event has started', async () => {
    await fail();
    const event = lastOf('PipelineFailed');
    await escalate(ports, { levels, topics }, { ...event, execution: 'e1' });
    expect((await drive(event, { execution: 'e2' })).told).toEqual([]);
  });

  test('is answered for alike where the answer was lost', async () => {
    await fail();
    const asked = { ...lastOf('PipelineFailed'), execution: 'e1' };
    const first = await escalate(ports, { levels, topics }, asked);
    expect(await escalate(ports, { levels, topics }, asked)).toMatchObject({
      topics: first.topics,
      level: first.level,
    });
  });

  test.each([
    ['is acknowledged', () => acknowledgeRun(ports, { run, by: 'Ada' })],
    [
      'is started once more',
      () => retryRun(ports, { run, by: 'Ada', stateMachineArn: 'arn', planDigest: pipeline.plan.digest }),
    ],
    [
      'is redriven',
      () => ports.runs.change({ run, from: [{ state: 'Failed' }], to: { state: 'Running', phase: 'Retrying' }, at: 1 }),
    ],
  ])('is told to nobody else once it %s', async (_, act) => {
    await fail();
    let done = false;
    const meanwhile = async () => {
      if (!done) await act();
      done = true;
    };
    const { told } = await drive(lastOf('PipelineFailed'), { meanwhile });
    expect(told).toEqual([[0, 'level-1']]);
  });

  test('is still told where what it kept is released meanwhile', async () => {
    await fail();
    const event = lastOf('PipelineFailed');
    await ports.runs.change({ run, from: [{ state: 'Failed' }], to: { state: 'Failed' }, at: 1 });
    expect((await drive(event)).told).toHaveLength(3);
  });
});

describe('a review', () => {
  const open = () => review(ports, pipeline, { ...input, taskToken: 'token' });

  test('is told until somebody has decided', async () => {
    await open();
    const meanwhile = async () => {
      if ((await ports.runs.find(run))?.phase === 'Undecided')
        await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
    };
    const { told, last } = await drive(lastOf('ReviewRequested'), { meanwhile });
    expect(told).toEqual([[0, 'level-1']]);
    expect(last.notice.message).toContain(`npx penstock review show ${run}`);
    expect(JSON.stringify(last)).not.toContain('token');
  });

  test('is told to all where nobody has, and once more before its deadline', async () => {
    await open();
    expect((await drive(lastOf('ReviewRequested'))).told).toHaveLength(3);
    await review(ports, pipeline, { ...input, taskToken: 'later', reminds: true });
    const { told, last } = await drive(lastOf('ReviewReminded'));
    expect(told).toHaveLength(3);
    expect(last.notice.subject).toBe('penstock: orders still waits for a decision');
  });
});

test('a circuit is told of until it is closed', async () => {
  const circuit: Circuit = {
    ...{ system: 'lake', state: 'open', version: 1, failures: 5, since: 1, error: 'X', pipeline: 'orders' },
    at: ports.clock.now(),
  } as Circuit;
  await ports.circuits.change(circuit);
  const event = cloudEvent(eventsOfCircuit(circuit)[0]!);
  const meanwhile = async () => {
    await ports.circuits.change({ ...circuit, state: 'closed', version: 2, failures: 0 });
  };
  const { told, last } = await drive(event, { meanwhile });
  expect(told).toEqual([[0, 'level-1']]);
  expect(last.notice.subject).toBe('penstock: lake is left alone');
});

test('a circuit that opens again after a failed probe is the same incident, after it was closed another one', async () => {
  const opened = async (version: number, since: number) => {
    const failed = { system: 'lake', state: 'open', failures: version, error: 'X', pipeline: 'orders' } as const;
    const circuit = { ...failed, version, since, at: ports.clock.now() } as Circuit;
    await ports.circuits.change(circuit);
    return drive(cloudEvent(eventsOfCircuit(circuit)[0]!), { execution: `e${version}` });
  };
  expect((await opened(1, 1)).told).toHaveLength(3);
  expect((await opened(2, 1)).told).toEqual([]);
  expect((await opened(3, 9)).told).toHaveLength(3);
});

describe('to acknowledge', () => {
  test('a run stands in the audit once', async () => {
    await fail();
    for (let n = 0; n < 2; n++) await acknowledgeRun(ports, { run, by: 'Ada' });
    expect(ports.audit.entries).toMatchObject([{ action: 'acknowledge', by: 'Ada', run }]);
  });

  test('what somebody else looks after is refused, and nothing is changed', async () => {
    await fail();
    await acknowledgeRun(ports, { run, by: 'Ada' });
    await expect(acknowledgeRun(ports, { run, by: 'Bob' })).rejects.toMatchObject({
      name: 'RunStateError',
      problem: `somebody looks after run "${run}" already`,
      received: 'Bob',
      allowed: 'Ada',
      change: 'nothing was changed; ask them',
    });
    expect(await ports.runs.acknowledged(run)).toMatchObject({ by: 'Ada' });
  });

  test('a run that needs nobody is refused', async () => {
    await expect(acknowledgeRun(ports, { run, by: 'Ada' })).rejects.toMatchObject({
      problem: `run "${run}" needs nobody`,
      received: 'Running (Assessing)',
      change: 'nothing was changed',
    });
    expect(ports.audit.entries).toEqual([]);
  });
});
