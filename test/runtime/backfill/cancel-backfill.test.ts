import { beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { filter, from, lake, pipeline, s3 } from '../../../lib/index.ts';
import { beginBackfill } from '../../../lib/runtime/backfill/begin-backfill.ts';
import { cancelBackfill } from '../../../lib/runtime/backfill/cancel-backfill.ts';
import { planBackfill } from '../../../lib/runtime/backfill/plan-backfill.ts';
import { runBackfill } from '../../../lib/runtime/backfill/run-backfill.ts';
import { endRun } from '../../../lib/runtime/end-run.ts';
import { initialize } from '../../../lib/runtime/initialize.ts';
import type { PipelineCode } from '../../../lib/runtime/pipeline-code.ts';
import { type EnginePorts, enginePorts } from '../../fixtures/assessed-run.ts';
import { RecordingExecutions } from '../../fixtures/ports/recorders.ts';
import { codeOf } from '../../fixtures/replayed.ts';
import { stageInput } from '../../fixtures/run-machine.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-sales';
const startDate = Date.UTC(2026, 0, 1);
const asked = { from: '2026-01-01', to: '2026-01-03' };

let code: PipelineCode;
let ports: EnginePorts;
let executions: NewsOfEnds;

/** Tells of executions that were stopped, as the bus does. None comes to its first state by itself. */
class NewsOfEnds extends RecordingExecutions {
  override async stop(request: Parameters<RecordingExecutions['stop']>[0]): Promise<'stopped' | 'ended'> {
    const { name, error, cause } = request;
    const started = this.started.get(name);
    if (!started || (await super.stop(request)) === 'ended') return 'ended';
    const input = JSON.stringify(started.input);
    await endRun(ports, code, { name, status: 'ABORTED', startDate, input, error, cause });
    return 'stopped';
  }
}

beforeAll(async () => {
  const record = z.object({ id: z.int(), day: z.iso.date() });
  const days = filter("coalesce(day >= param('from'), true) AND coalesce(day < param('to'), true)");
  code = await codeOf(
    pipeline('sales', {
      parameters: { from: { type: 'date', default: null }, to: { type: 'date', default: null } },
      outputs: [
        from(s3({ prefix: 'landing/sales/', format: 'ndjson' }), record)
          .pipe(days)
          .to(lake({ table: 'sales', mode: 'merge', key: ['id'] })),
      ],
    }),
  );
});

beforeEach(() => {
  ports = enginePorts();
  executions = new NewsOfEnds();
  Object.assign(ports, { executions });
  // Others get their turn while it waits.
  ports.clock.sleep = () => new Promise((resolve) => setImmediate(resolve));
  ports.objects.drop('landing/sales/a.ndjson', '{"id":1,"day":"2026-01-01"}');
});

async function begun() {
  const { plan } = code;
  const backfill = await beginBackfill(ports, plan, planBackfill({ plan, ...asked }, Date.UTC(2026, 1, 1)), 'ada');
  const cancel = () => cancelBackfill(ports, { pipeline: 'sales', id: backfill.record.id, stateMachineArn, by: 'ben' });
  const work = (parallel: number) =>
    runBackfill(ports, { begun: backfill, planDigest: plan.digest, stateMachineArn, parallel });
  return { cancel, work };
}

const ends = async () =>
  Promise.all([...executions.started.keys()].map(async (run) => (await ports.runs.find(run))?.state));

test('a slice that was started, and has no record yet, is stopped as well', async () => {
  const { cancel, work } = await begun();
  const going = work(2);
  while (executions.started.size < 2) await new Promise(setImmediate);
  expect(await ends()).toEqual([undefined, undefined]);
  expect(await cancel()).toEqual([...executions.started.keys()]);
  expect(await ends()).toEqual(['Cancelled', 'Cancelled']);
  expect(await going).toMatchObject({ stopped: 2, running: 0, completed: 0 });
  // The state that comes late finds the door shut.
  const { trigger } = [...executions.started.values()][0]!.input;
  const input = { ...stageInput(code, trigger), startedAt: new Date(startDate).toISOString() };
  await expect(initialize(ports, code, input)).rejects.toMatchObject({ name: 'RunStateError' });
});

test('a slice that is noted when the backfill is cancelled, and started behind it, is stopped', async () => {
  const { cancel, work } = await begun();
  const start = executions.start.bind(executions);
  executions.start = async (request) => {
    executions.start = start;
    expect(await cancel()).toEqual([]);
    return start(request);
  };
  expect(await work(1)).toMatchObject({ stopped: 1, running: 0, completed: 0 });
  expect(await ends()).toEqual(['Cancelled']);
});

test('cancelling that was cut short is taken up again, until nothing is at work', async () => {
  const { cancel, work } = await begun();
  const going = work(2);
  while (executions.started.size < 2) await new Promise(setImmediate);
  const { stop } = executions;
  let stops = 0;
  executions.stop = async (request) => {
    if (++stops > 1) throw new Error('Step Functions is away');
    return stop.call(executions, request);
  };
  await expect(cancel()).rejects.toThrow('away');
  executions.stop = stop;
  expect(await cancel()).toHaveLength(1);
  expect(await ends()).toEqual(['Cancelled', 'Cancelled']);
  await going;
  await expect(cancel()).rejects.toMatchObject({ name: 'BackfillRefusedError', received: 'Cancelled' });
  const cancels = ports.audit.entries.filter(({ action }) => action === 'cancel-backfill');
  expect(cancels).toMatchObject([{ by: 'ben' }]);
});
