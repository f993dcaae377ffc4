import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, filter, from, holds, lake, map, pipeline, s3 } from '../../lib/index.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { retryRun } from '../../lib/runtime/operate/retry-run.ts';
import { startRun } from '../../lib/runtime/operate/start-run.ts';
import { parseChunkMessage, parseTriggerMessage } from '../../lib/runtime/parse-message.ts';
import type { PipelineCode } from '../../lib/runtime/pipeline-code.ts';
import { type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { codeOf, publishedRows, startReplays } from '../fixtures/replayed.ts';
import { runToGate, stageInput } from '../fixtures/run-machine.ts';
import { runOnce } from '../fixtures/run-once.ts';

const record = z.object({ id: z.int(), day: z.iso.date() });
const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-sales';
let code: PipelineCode;
let ports: EnginePorts;

beforeAll(async () => {
  const sales = from(s3({ prefix: 'landing/sales/{country}/', format: 'ndjson' }), record);
  const chosen = sales.pipe(
    filter("day >= param('from')"),
    // Its rows are read on another connection of the session.
    map(record, (row) => row),
    aggregate({ by: ['day'], measures: { n: "count(*) FILTER (id > param('above'))" } }),
  );
  const definition = pipeline('sales', {
    parameters: {
      from: 'date',
      country: { type: 'string', default: 'DE' },
      above: { type: 'integer', default: 0 },
    },
    quality: [holds("day >= param('from')")],
    outputs: [chosen.to(lake({ table: 'sales' }))],
  });
  code = await codeOf(definition);
});

beforeEach(() => {
  ports = enginePorts();
  const rows = [1, 2, 3].map((id) => JSON.stringify({ id, day: `2026-01-0${id}` }));
  ports.objects.drop('landing/sales/DE/a.ndjson', rows.join('\n'));
  ports.objects.drop('landing/sales/FR/a.ndjson', rows[0]!.replace('2026', '2027'));
});

const start = (parameters: Record<string, string>, requestId = 'one') =>
  startRun(ports, { plan: code.plan, stateMachineArn, requestId, parameters, by: 'ada' });
const rows = async () =>
  (await publishedRows(ports, 'sales')).map((row) => JSON.parse(row)).map(({ day, n }) => `${day} ${n}`);

describe('a run with parameters', () => {
  test('takes them in expressions, rules and places, wherever the rows are read', async () => {
    const { run } = await start({ from: '2026-01-02', above: '2' });
    const { input } = ports.executions.started.get(run)!;
    const { trigger } = parseTriggerMessage(JSON.stringify({ ...(input as object), stateMachineArn }));
    const ended = await runOnce(ports, code, trigger);
    expect(ended.input.run).toBe(run);
    expect((await rows()).sort()).toEqual(['2026-01-02 0', '2026-01-03 1']);
    const parameters = { from: '2026-01-02', country: 'DE', above: '2' };
    expect(await ports.runs.find(run)).toMatchObject({ parameters, trigger: { parameters } });
    const entry = { action: 'start', by: 'ada', pipeline: 'sales', run, detail: { parameters } };
    expect(ports.audit.entries).toMatchObject([entry]);
  });

  test('reads another place under another value, and treats values as values', async () => {
    await runOnce(ports, code, { kind: 'manual', requestId: 'fr', parameters: { from: '2027-01-01', country: 'FR' } });
    expect(await rows()).toEqual(['2027-01-01 1']);
  });

  test('that was asked for twice is one run, and under other values is refused', async () => {
    const first = await start({ from: '2026-01-02' });
    await runOnce(ports, code, ports.executions.started.get(first.run)!.input.trigger);
    expect(await start({ from: '2026-01-02', country: 'DE' })).toEqual({ ...first, outcome: 'exists' });
    await expect(start({ from: '2026-01-03' })).rejects.toMatchObject({
      name: 'RunExistsError',
      received: '{"from":"2026-01-03","country":"DE","above":"0"}',
      change: expect.stringContaining('nothing was started'),
    });
    expect(ports.executions.started.size).toBe(1);
  });
});

test('what a run was given holds for what is done of it again', async () => {
  ports.objects.drop('landing/sales/DE/bad.ndjson', '{"id":9,"day":"someday"}');
  const first = await start({ from: '2026-01-02' });
  const { trigger } = ports.executions.started.get(first.run)!.input;
  const input = stageInput(code, trigger);
  await runToGate(ports, code, input);
  await compensate(ports, code, { ...input, error: { Error: 'DataLost' }, state: 'Assess quality' });
  const again = { run: first.run, stateMachineArn, planDigest: code.plan.digest, by: 'ben' };
  const { run } = await retryRun(ports, again);
  const retried = ports.executions.started.get(run)!.input.trigger;
  expect(retried).toEqual({ ...trigger, attempt: 1 });
  await runOnce(ports, code, retried);
  const { inputs } = await startReplays(ports, code, { pipeline: 'sales', run });
  expect(inputs[0]!.trigger).toMatchObject({ kind: 'replay', parameters: first.parameters });
});

test.each([
  [{}, 'a run of "sales" needs the parameter "from"', 'no value'],
  [{ form: '2026-01-01' }, 'the pipeline "sales" has no parameter "form"', 'form'],
  [{ from: '2026-02-30' }, 'the parameter "from" of "sales" has the type date', '2026-02-30'],
  [{ from: '2026-01-01', above: '1.5' }, '"above" of "sales" has the type integer', '1.5'],
  [{ from: '2026-01-01', above: '9223372036854775808' }, 'has the type integer', '9223372036854775808'],
  [{ from: '2026-01-01', country: '..' }, 'is a part of keys', '..'],
  [{ from: '2026-01-01', country: 'DE/../FR' }, 'is a part of keys', 'DE/../FR'],
])('%j starts nothing and says what is wrong', async (parameters, problem, received) => {
  await expect(start(parameters as Record<string, string>)).rejects.toMatchObject({
    name: 'ParameterInvalidError',
    problem: expect.stringContaining(problem),
    received,
    allowed: expect.anything(),
    change: expect.any(String),
  });
  expect([ports.executions.started.size, ports.audit.entries.length]).toEqual([0, 0]);
});

test('values that are empty, or none, reach the workers as they are', () => {
  const parameters = { note: '', from: null, above: '0' };
  const trigger = { kind: 'manual', requestId: 'one', parameters };
  const common = { pipeline: 'sales', planDigest: 'd', trigger };
  expect(parseTriggerMessage(JSON.stringify({ ...common, stateMachineArn })).trigger).toEqual(trigger);
  const item = { stage: 'process', chunk: '0', solo: true, partitions: 1 };
  const chunk = JSON.stringify({ ...common, run: 'r', startedAt: 'now', taskToken: 't', item });
  expect(parseChunkMessage(chunk).trigger).toEqual(trigger);
  expect(() => parseChunkMessage(chunk.replace('"note":""', '"note":1'))).toThrow('trigger.parameters.note');
});

test('a run that comes with wrong parameters all the same fails before it has a record', async () => {
  const input = stageInput(code, { kind: 'manual', requestId: 'x', parameters: { from: 'soon' } });
  const { initialize } = await import('../../lib/runtime/initialize.ts');
  await expect(initialize(ports, code, input)).rejects.toMatchObject({ name: 'ParameterInvalidError' });
});
