import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { from, lake, pipeline, s3, table } from '../../../lib/index.ts';
import { compensate } from '../../../lib/runtime/compensate.ts';
import { growthOf } from '../../../lib/runtime/extract/growth-claims.ts';
import type { PipelineCode } from '../../../lib/runtime/pipeline-code.ts';
import { commit } from '../../../lib/runtime/publish/commit.ts';
import { publish } from '../../../lib/runtime/publish/publish.ts';
import { type EnginePorts, enginePorts } from '../../fixtures/assessed-run.ts';
import { query } from '../../fixtures/engine/duckdb.ts';
import { problemsOf } from '../../fixtures/engine/problems.ts';
import { codeOf, publishedRows, rejectsOf } from '../../fixtures/replayed.ts';
import { manual, runToGate, stageInput } from '../../fixtures/run-machine.ts';
import { runOnce } from '../../fixtures/run-once.ts';

const record = z.object({ id: z.int(), note: z.string() });
const log = 'landing/log/a.log';
let ports: EnginePorts;
let ndjson: PipelineCode;
let csv: PipelineCode;
let again: PipelineCode;
let runs = 0;

beforeAll(async () => {
  const made = (format: 'csv' | 'ndjson', changed: 'stop' | 'again', chunkBytes: number) =>
    codeOf(
      pipeline('log', {
        resources: { chunkBytes },
        outputs: [
          from(s3({ prefix: 'landing/log/', format }), record, { incremental: { offset: true, changed } }).to(
            lake({ table: 'log' }),
          ),
        ],
      }),
    );
  ndjson = await made('ndjson', 'stop', 10_000);
  csv = await made('csv', 'stop', 20);
  again = await made('ndjson', 'again', 10_000);
});
beforeEach(() => {
  ports = enginePorts();
});

const line = (id: number | string, note = '') => JSON.stringify({ id, note });
const run = (code: PipelineCode) => runOnce(ports, code, manual(`run ${runs++}`));
async function ids(): Promise<string> {
  const rows = await publishedRows(ports, 'log');
  return rows
    .map((row) => (JSON.parse(row) as { id: string }).id)
    .sort((a, b) => Number(a) - Number(b))
    .join(' ');
}
const taken = async () => growthOf(await ports.runs.claims('log', log));

describe('a file that only grows', () => {
  test('is read from where it was left, up to the end of its last whole record', async () => {
    ports.objects.drop(log, `${line(1)}\n${line('x')}\n${line(3).slice(0, 5)}`);
    const first = await run(ndjson);
    expect([await ids(), first.extracted.inputBytes]).toEqual(['1', 40]);
    expect(await taken()).toMatchObject({ step: 1, bytes: 40, records: 2, header: 0 });
    ports.objects.drop(log, `${line(1)}\n${line('x')}\n${line(3)}\n${line('y')}\n`);
    const second = await run(ndjson);
    expect([await ids(), await taken()]).toEqual(['1 3', expect.objectContaining({ step: 2, bytes: 80, records: 4 })]);
    // Rejects name their place in the whole file.
    const rejects = await query(`SELECT "row" FROM read_parquet('${(await rejectsOf(ports, second.input))[0]}')`);
    expect(rejects.map(({ row }) => Number(row))).toEqual([4]);
    // A version without more rows is none.
    ports.objects.drop(log, `${line(1)}\n${line('x')}\n${line(3)}\n${line('y')}\n${line(5).slice(0, 3)}`);
    expect((await run(ndjson)).extracted.inputFiles).toBe(0);
  });

  test('keeps the header of a CSV file, and is cut into chunks where much was added', async () => {
    const head = 'id,note\n';
    ports.objects.drop(log, `${head}1,"a\nb"\n2,c\n`);
    await run(csv);
    ports.objects.drop(log, `${head}1,"a\nb"\n2,c\n3,dddddddddddddd\n4,"eeeeeeeeeeeee\nf"\n5,g\n6,"open`);
    const { extracted } = await run(csv);
    expect(extracted.stages.process!.chunks).toBeGreaterThan(1);
    expect([await ids(), await taken()]).toEqual([
      '1 2 3 4 5',
      expect.objectContaining({ step: 2, records: 5, header: 8 }),
    ]);
  });

  test('stops its run where earlier bytes are gone or others, which changes nothing', async () => {
    ports.objects.drop(log, `${line(1)}\n${line(2)}\n`);
    await run(ndjson);
    const before = await taken();
    for (const text of [`${line(1)}\n`, `${line(9)}\n${line(2)}\n${line(3)}\n`]) {
      ports.objects.drop(log, text);
      await expect(run(ndjson)).rejects.toMatchObject({
        name: 'InputChangedError',
        received: expect.stringContaining(log),
      });
    }
    expect([await ids(), await taken()]).toEqual(['1 2', before]);
  });

  test('is taken from its beginning then, where the source says so', async () => {
    ports.objects.drop(log, `${line(1)}\n${line(2)}\n`);
    await run(again);
    ports.objects.drop(log, `${line(3)}\n`);
    await run(again);
    ports.objects.drop(log, `${line(3)}\n${line(4)}\n`);
    await run(again);
    expect([await ids(), await taken()]).toEqual(['1 2 3 4', expect.objectContaining({ step: 3, records: 2 })]);
  });

  test('is taken further by one of two runs that go on from the same place', async () => {
    ports.objects.drop(log, `${line(1)}\n`);
    const unguarded = { ...ndjson, plan: { ...ndjson.plan, overlap: undefined } } as unknown as PipelineCode;
    const inputs = ['one', 'two'].map((id) => stageInput(unguarded, manual(id)));
    await runToGate(ports, unguarded, inputs[0]!);
    ports.objects.drop(log, `${line(1)}\n${line(2)}\n`);
    await runToGate(ports, unguarded, inputs[1]!);
    for (const input of inputs) await publish(ports, unguarded, input);
    await commit(ports, unguarded, inputs[1]!);
    await expect(commit(ports, unguarded, inputs[0]!)).rejects.toMatchObject({ name: 'InputConsumedError' });
    expect(await ids()).toBe('1 2');
  });

  test('stays where it was left when its run fails', async () => {
    ports.objects.drop(log, `${line(1)}\n`);
    const input = stageInput(ndjson, manual('failing'));
    await runToGate(ports, ndjson, input);
    await publish(ports, ndjson, input);
    await compensate(ports, ndjson, { ...input, error: { Error: 'DataLost' }, state: 'Commit' });
    expect(await taken()).toBeUndefined();
    await run(ndjson);
    expect(await ids()).toBe('1');
  });

  test('is not a packed one', async () => {
    ports.objects.drop(log, Buffer.from([0x1f, 0x8b, 8, 0, 0]));
    await expect(run(ndjson)).rejects.toMatchObject({ name: 'InputChangedError', received: log });
  });
});

test.each([
  ['a table', () => table({ table: 'orders' }), 'a table'],
  ['a JSON array', () => s3({ key: 'landing/a.json' }), 'json'],
  ['Parquet', () => s3({ key: 'landing/a.parquet' }), 'parquet'],
])('%s is not read from an offset', async (_, source, received) => {
  const [found] = await problemsOf(() =>
    pipeline('log', {
      outputs: [from(source(), record, { incremental: { offset: true } }).to(lake({ table: 'log' }))],
    }),
  );
  expect(found).toMatchObject({ problem: 'such a source is not read from an offset', received });
});
