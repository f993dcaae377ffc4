import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../../lib/compiler/index.ts';
import type { PlanNode } from '../../../lib/component/plan.ts';
import { complete, drift, fresh, from, lake, pipeline, s3, unique, within } from '../../../lib/index.ts';
import { connectors } from '../../../lib/registry/connectors.ts';
import { operators } from '../../../lib/registry/operators.ts';
import { compensate } from '../../../lib/runtime/compensate.ts';
import { facetSchemaUrls, type RunEvent, runEventSchemaUrl } from '../../../lib/runtime/lineage/event-types.ts';
import { announceLineage, recordLineage } from '../../../lib/runtime/lineage/record-lineage.ts';
import { schemaFields } from '../../../lib/runtime/lineage/schema-fields.ts';
import { assessedRun, enginePorts } from '../../fixtures/assessed-run.ts';
import { manual, stageInput } from '../../fixtures/run-machine.ts';
import { expectValid, problemsOf } from './event-schemas.ts';

const record = z.object({ city: z.string().nullable(), n: z.int(), on: z.iso.date() });
const rows = [
  { city: 'Rome', n: 1, on: '2025-12-31' },
  { city: 'Oslo', n: 2, on: '2025-12-30' },
  { city: null, n: 30, on: '2025-12-29' },
];
const quality = [
  complete('city', { atLeast: 0.9, onBreak: 'review' }),
  unique(['n']),
  within('n', 0, 9),
  drift('n'),
  fresh('on', '3 days'),
];
const gate = { pass: 0, review: 0 };

function storedEvents(ports: ReturnType<typeof enginePorts>): RunEvent[] {
  const [key] = ports.objects.keys('reports/').filter((name) => name.endsWith('.openlineage.json'));
  return ports.objects.json(key!);
}

describe('a run that completes', () => {
  let run: Awaited<ReturnType<typeof assessedRun>>;
  let started: RunEvent;
  let completed: RunEvent;
  beforeAll(async () => {
    run = await assessedRun({
      record,
      rows,
      quality: quality.map((rule) => ({ ...rule, common: {} })),
      gate,
      files: 3,
    });
    await run.complete();
    [started, completed] = storedEvents(run.ports) as [RunEvent, RunEvent];
  });

  test('leaves a START and a COMPLETE in the lake, as OpenLineage 2-0-2 has them', () => {
    for (const event of [started, completed]) expectValid(event);
    expect(storedEvents(run.ports)).toHaveLength(2);
    expect(started).toMatchObject({ eventType: 'START', eventTime: run.input.startedAt });
    expect(completed.eventType).toBe('COMPLETE');
    expect(completed.run.runId).toBe(started.run.runId);
    expect(completed.job).toMatchObject({ namespace: 'penstock://lake', name: 'rows' });
  });

  test('says what became of the rows of every step, so that they balance', () => {
    const { steps } = completed.run.facets!.penstock_ledger!;
    expect(steps.map(({ step }) => step)).toEqual(['rows', 'table.rows']);
    for (const { rowsIn, multiplied, rowsOut, rejected, filtered, merged, routed } of steps)
      expect(rowsIn + multiplied).toBe(rowsOut + rejected + filtered + merged + routed);
    expect(steps[0]!.rowsIn).toBe(3);
    expect(started.run.facets!.penstock_ledger).toBeUndefined();
  });

  test('says what was read and what was written', () => {
    expect(completed.inputs).toMatchObject([
      {
        namespace: 's3://lake',
        name: 'landing/rows',
        facets: {
          schema: {
            fields: [
              { name: 'city', type: 'VARCHAR' },
              { name: 'n', type: 'BIGINT' },
              { name: 'on', type: 'DATE' },
            ],
          },
        },
        inputFacets: { inputStatistics: { rowCount: 3, fileCount: 3, size: expect.any(Number) } },
      },
    ]);
    expect(completed.outputs).toMatchObject([
      {
        namespace: 's3://lake',
        name: 'curated/rows',
        facets: { version: { datasetVersion: run.input.run } },
        outputFacets: { outputStatistics: { rowCount: 3, fileCount: 3, size: expect.any(Number) } },
      },
    ]);
    expect(started.outputs![0]!.outputFacets).toEqual({});
  });

  test('says what its rules found', () => {
    const { dataQualityAssertions, dataQualityMetrics } = completed.outputs![0]!.facets!;
    expect(dataQualityAssertions!.assertions).toEqual([
      { assertion: '1-complete', success: true, column: 'city' },
      { assertion: '2-unique', success: true, column: 'n' },
      { assertion: '3-within', success: true, column: 'n' },
      { assertion: '4-drift', success: true, column: 'n' },
      { assertion: '5-fresh', success: true, column: 'on' },
    ]);
    expect(dataQualityMetrics).toMatchObject({
      rowCount: 3,
      fileCount: 3,
      columnMetrics: { city: { nullCount: 1 }, n: { count: 3, distinctCount: 3, min: 1, max: 30 } },
    });
  });

  test('tells the bus of both', () => {
    const told = run.ports.bus.events.filter(({ type }) => type === 'LineageRecorded');
    expect(told.map(({ detail }) => detail)).toEqual([
      { eventType: 'START', event: started },
      { eventType: 'COMPLETE', event: completed, lineage: `reports/rows/${run.input.run}.openlineage.json` },
    ]);
  });

  test('leaves the same when it is recorded again', async () => {
    const before = storedEvents(run.ports);
    await recordLineage(run.ports, run.code, run.input);
    expect(storedEvents(run.ports)).toEqual(before);
    expect(run.ports.bus.events.at(-1)!.detail.event).toEqual(completed);
  });
});

describe('a run that fails', () => {
  const failures = {
    'StepFailedError in Publish: no luck': [
      'Publish',
      'StepFailedError',
      { code: 'STEP_FAILED', errorMessage: 'no luck' },
    ],
    'QualityGateError in Gate: too bad': ['Gate', 'QualityGateError', { errorMessage: 'too bad' }],
    'ReviewRejectedError in Await review: no': ['Await review', 'ReviewRejectedError', { errorMessage: 'no' }],
  } as const;

  test.each(Object.entries(failures))(
    'leaves a FAIL with its reason and what the rules found on the way, and tells the bus: %s',
    async (message, [state, name, cause]) => {
      const run = await assessedRun({ record, rows, quality, gate });
      await compensate(run.ports, run.code, {
        ...run.input,
        error: { Error: name, Cause: JSON.stringify(cause) },
        state,
      });
      const [started, event] = storedEvents(run.ports) as [RunEvent, RunEvent];
      for (const one of [started, event]) expectValid(one);
      expect(event).toMatchObject({
        eventType: 'FAIL',
        run: { runId: started.run.runId, facets: { errorMessage: { message } } },
        inputs: [{ inputFacets: { inputStatistics: { rowCount: 3 } } }],
        outputs: [{ facets: { columnLineage: expect.anything() }, outputFacets: {} }],
      });
      expect(event.outputs![0]!.facets).not.toHaveProperty('version');
      expect(run.ports.bus.events.at(-1)).toMatchObject({
        type: 'LineageRecorded',
        detail: { eventType: 'FAIL', event, lineage: `reports/rows/${run.input.run}.openlineage.json` },
      });
    },
  );

  test('before it was assessed leaves what is known', async () => {
    const ports = enginePorts();
    const { code, input } = await assessedRun({ record, rows, quality, gate });
    const { initialize } = await import('../../../lib/runtime/initialize.ts');
    await initialize(ports, code, input);
    await compensate(ports, code, { ...input, error: { Error: 'States.Timeout' }, state: 'Extract' });
    const [, event] = storedEvents(ports);
    expectValid(event!);
    expect(event).toMatchObject({ eventType: 'FAIL', inputs: [{ inputFacets: {} }] });
  });
});

const codeOf = async (definition: Parameters<typeof compile>[0]) => ({
  plan: await compile(definition),
  components: { ...connectors, ...operators },
  functions: {},
});

test('the nominal time is the one of the schedule', async () => {
  const ports = enginePorts();
  const code = await codeOf(
    pipeline('plain', {
      outputs: [from(s3({ prefix: 'landing/x/', format: 'csv' }), record).to(lake({ table: 'x' }))],
    }),
  );
  await announceLineage(ports, code, stageInput(code, { kind: 'schedule', time: '2026-01-01T06:00:00Z' }));
  const { event } = ports.bus.events[0]!.detail as { event: RunEvent };
  expect(event.run.facets!.nominalTime).toMatchObject({ nominalStartTime: '2026-01-01T06:00:00.000Z' });
  expectValid(event);
});

/** The plain pipeline with its nodes changed. */
async function changed(change: (node: PlanNode) => object) {
  const source = from(s3({ prefix: 'landing/x/', format: 'csv' }), record);
  const code = await codeOf(pipeline('plain', { outputs: [source.to(lake({ table: 'x' }))] }));
  const nodes = code.plan.nodes.map((node) => ({ ...node, ...change(node) }) as PlanNode);
  return { ...code, plan: { ...code.plan, nodes } };
}

test('a table that another pipeline reads has the name that its own pipeline gives it', async () => {
  const ports = enginePorts();
  const code = await changed((node) =>
    node.kind === 'source' ? { options: { prefix: 'curated/flights/data/' } } : {},
  );
  await announceLineage(ports, code, stageInput(code, manual()));
  const { event } = ports.bus.events[0]!.detail as { event: RunEvent };
  expect(event.inputs![0]).toMatchObject({ name: 'curated/flights' });
});

test('an event that the bus would not take goes without its body', async () => {
  const ports = enginePorts();
  const columns = Array.from({ length: 1500 }, (_, n) => ({ name: `column_${n}`, type: 'BIGINT', nullable: false }));
  const code = await changed(() => ({ columns }));
  await announceLineage(ports, code, stageInput(code, manual()));
  expect(ports.bus.events[0]!.detail).toEqual({ eventType: 'START' });
});

test('structures, and lists of them, name their members', () => {
  const columns = [
    { name: 'id', type: 'BIGINT' },
    { name: 'lines', type: 'STRUCT(item VARCHAR, "unit price" DECIMAL(9,2))[]' },
  ];
  expect(schemaFields(columns)).toEqual([
    { name: 'id', type: 'BIGINT' },
    {
      ...columns[1],
      fields: [
        { name: 'item', type: 'VARCHAR' },
        { name: 'unit price', type: 'DECIMAL(9,2)' },
      ],
    },
  ]);
});

test.each([
  ['an event type that there is none of', { eventType: 'DONE' }, 'must be equal to one of the allowed values'],
  ['a run that is not named by a UUID', { run: { runId: '7' } }, 'must match format "uuid"'],
  ['a time that is none', { eventTime: 'now' }, 'must match format "date-time"'],
  ['a facet that names no schema', { job: { namespace: 'a', name: 'b', facets: { x: {} } } }, '_schemaURL'],
])('the schema of events refuses %s', (_, change, problem) => {
  const run = { runId: '00000000-0000-8000-8000-000000000000' };
  const event = { eventTime: '2026-01-01T00:00:00Z', producer: 'urn:a', schemaURL: runEventSchemaUrl, run };
  const whole = { ...event, job: { namespace: 'a', name: 'b' } };
  expect(problemsOf(runEventSchemaUrl, whole)).toEqual([]);
  expect(problemsOf(runEventSchemaUrl, { ...whole, ...change }).join()).toContain(problem);
});

test('the schemas of facets refuse what is not in them', () => {
  const facet = { _producer: 'urn:a', _schemaURL: 'urn:b', columnMetrics: { a: { min: 'x' } }, rows: 1 };
  const problems = problemsOf(facetSchemaUrls.dataQualityMetrics, facet).join();
  expect(problems).toContain('/columnMetrics/a/min must be number');
  expect(problems).toContain('rows');
});
