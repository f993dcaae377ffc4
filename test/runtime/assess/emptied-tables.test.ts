import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, enrich, filter, from, lake, pipeline, s3, validate } from '../../../lib/index.ts';
import { compensate } from '../../../lib/runtime/compensate.ts';
import { commit } from '../../../lib/runtime/publish/commit.ts';
import { publish } from '../../../lib/runtime/publish/publish.ts';
import { decideReview } from '../../../lib/runtime/review/decide-review.ts';
import { release } from '../../../lib/runtime/review/release.ts';
import { review } from '../../../lib/runtime/review/review.ts';
import { type EnginePorts, enginePorts } from '../../fixtures/assessed-run.ts';
import { codeOf, publishedRows, startReplays } from '../../fixtures/replayed.ts';
import { manual, runToGate, stageInput } from '../../fixtures/run-machine.ts';

let ports: EnginePorts;
beforeEach(() => {
  ports = enginePorts();
  ports.objects.drop('reference/cities.csv', 'code,name\nR,Rome\n');
});

const record = z.object({ id: z.int(), city: z.string() });
const cities = from(s3({ key: 'reference/cities.csv' }), z.object({ code: z.string(), name: z.string() }));
const rows = from(s3({ prefix: 'landing/rows/', format: 'ndjson' }), record);
const replacing = (table: string) => lake({ table, mode: 'replace' });

type Outputs = Parameters<typeof pipeline>[1]['outputs'];
const codeWith = (outputs: Outputs = [rows.to(replacing('rows'))], emptied?: 'fail' | 'review' | 'pass') =>
  codeOf(pipeline('rows', { gate: { ...(emptied && { emptied }) }, outputs }));

type Code = Awaited<ReturnType<typeof codeWith>>;
let day = 1;

async function gateOf(code: Code, lines: readonly object[]) {
  const at = `2026-01-${String(day++).padStart(2, '0')}T00:00:00.000Z`;
  ports.objects.drop(`landing/rows/${at}.ndjson`, lines.map((line) => JSON.stringify(line)).join('\n'));
  const input = { ...stageInput(code, manual(at)), startedAt: at };
  const { assessed } = await runToGate(ports, code, input);
  return { input, assessed };
}

async function published(code: Code, lines: readonly object[]) {
  const { input, assessed } = await gateOf(code, lines);
  expect(assessed.gate).toBe('pass');
  await publish(ports, code, input);
  await commit(ports, code, input);
  return input;
}

const good = [
  { id: 1, city: 'R' },
  { id: 2, city: 'R' },
];
const bad = [
  { id: 'x', city: 'R' },
  { id: 'y', city: 'R' },
];

describe('a run whose rows were all rejected', () => {
  test('does not pass the gate where a table would be left empty, and the table keeps its rows', async () => {
    const code = await codeWith();
    await published(code, good);
    const { input, assessed } = await gateOf(code, bad);
    expect(assessed).toMatchObject({
      gate: 'fail',
      score: 1,
      why: "score 1; emptied-table-rows of table \"rows\": no row is left for it: all 2 that came to rows were rejected, asked for a row to put in the place of the table's, or gate: { emptied: 'pass' }",
    });
    await expect(publish(ports, code, input)).rejects.toMatchObject({ name: 'RunStateError' });
    await compensate(ports, code, { ...input, state: 'Gate', error: { Error: 'QualityGateError' } });
    expect(await publishedRows(ports, 'rows')).toHaveLength(2);
    expect(ports.bus.events).toContainEqual(
      expect.objectContaining({
        type: 'QualityAlert',
        detail: expect.objectContaining({ rule: 'emptied-table-rows', gate: 'fail' }),
      }),
    );
  });

  test.each(['review', 'pass'] as const)('is judged as the pipeline asks for: %s', async (emptied) => {
    const code = await codeWith(undefined, emptied);
    await published(code, good);
    const { assessed } = await gateOf(code, bad);
    expect(assessed).toMatchObject({ gate: emptied, score: 1 });
    expect(assessed).not.toHaveProperty('why');
    expect(code.plan.gate).toMatchObject({ emptied });
  });

  test('passes where one row is left, and where the table is added to', async () => {
    const code = await codeWith();
    expect((await gateOf(code, [...bad, ...good])).assessed.gate).toBe('pass');
    const adding = await codeWith([rows.to(lake({ table: 'rows' }))]);
    expect((await gateOf(adding, bad)).assessed.gate).toBe('pass');
    expect(adding.plan.gate).not.toHaveProperty('emptied');
  });

  test('passes where no file was found', async () => {
    const code = await codeWith();
    const input = stageInput(code, manual('nothing'));
    expect((await runToGate(ports, code, input)).assessed.gate).toBe('pass');
  });

  test('passes where a filter took the rows that were left', async () => {
    const none = await codeWith([rows.pipe(filter('id > 99')).to(replacing('rows'))]);
    expect((await gateOf(none, [...bad, ...good])).assessed.gate).toBe('pass');
    await ports.objects.remove(ports.objects.keys('landing/'));
    expect((await gateOf(none, bad)).assessed.gate).toBe('fail');
  });

  test.each([
    ['a rule of its own', () => rows.pipe(validate({ large: { column: 'id', holds: 'id > 99' } })), good],
    [
      'a look-up',
      () => rows.pipe(enrich({ with: cities, on: 'city = code', take: ['name'], unmatched: 'reject' })),
      [{ id: 1, city: 'X' }],
    ],
    ['a contract before rows meet', () => rows.pipe(aggregate({ by: ['city'], measures: { n: 'count(*)' } })), bad],
    [
      'a contract before all rows are counted',
      () => rows.pipe(aggregate({ by: [], measures: { n: 'count(*)' } })),
      bad,
    ],
  ])('does not pass where they were by %s', async (_, dataset, lines) => {
    const code = await codeWith([dataset().to(replacing('rows'))]);
    expect((await gateOf(code, lines)).assessed.gate).toBe('fail');
  });

  test('fails of one of its tables, and names it', async () => {
    const code = await codeWith([
      rows.to(lake({ table: 'all' })),
      rows.pipe(validate({ large: { column: 'id', holds: 'id > 99' } })).to(replacing('large')),
    ]);
    const { assessed } = await gateOf(code, good);
    expect(assessed.gate).toBe('fail');
    expect(assessed.why).toContain('emptied-table-large of table "large"');
    expect(assessed.why).not.toContain('table "all"');
  });

  test('is no failure as a replay, which only adds', async () => {
    const code = await codeWith();
    const first = await published(code, [...good, ...bad]);
    const [replay] = (await startReplays(ports, code, first)).inputs;
    const { assessed } = await runToGate(ports, code, replay!);
    expect(assessed.gate).toBe('pass');
    await publish(ports, code, replay!);
    await commit(ports, code, replay!);
    expect(await publishedRows(ports, 'rows')).toHaveLength(2);
  });
});

test('a table of which a person holds every row stays as it is', async () => {
  const code = await codeWith([rows.to(replacing('rows')), rows.to(lake({ table: 'copies' }))]);
  await published(code, good);
  const waiting = { ...code, plan: { ...code.plan, gate: { ...code.plan.gate, pass: 2, review: 0 } } };
  const { input, assessed } = await gateOf(waiting, [{ id: 3, city: 'R' }]);
  expect(assessed.gate).toBe('review');
  await review(ports, waiting, { ...input, taskToken: 'token' });
  await decideReview(ports, { run: input.run, decision: 'release', by: 'Ada', hold: { tables: ['rows'] } });
  await release(ports, waiting, input);
  await publish(ports, waiting, input);
  await commit(ports, waiting, input);
  expect(await publishedRows(ports, 'rows')).toHaveLength(2);
  expect(await publishedRows(ports, 'copies')).toHaveLength(3);
  expect(await ports.runs.find(input.run)).toMatchObject({ state: 'Completed', totals: { rejected: 1 } });
});

test('nor does a release empty a table of which every row was rejected, as an approval does', async () => {
  const code = await codeWith(undefined, 'review');
  await published(code, good);
  for (const [decision, left] of [
    ['release', 2],
    ['approve', 0],
  ] as const) {
    const { input, assessed } = await gateOf(code, bad);
    expect(assessed.gate).toBe('review');
    await review(ports, code, { ...input, taskToken: 'token' });
    await decideReview(ports, { run: input.run, decision, by: 'Ada' });
    if (decision === 'release') await release(ports, code, input);
    await publish(ports, code, input);
    await commit(ports, code, input);
    expect(await publishedRows(ports, 'rows')).toHaveLength(left);
  }
});
