import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { from, lake, pipeline, s3 } from '../../lib/index.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';
import { codeOf, publishedRows, rejectsOf } from '../fixtures/replayed.ts';
import { manual, runToGate, stageInput } from '../fixtures/run-machine.ts';
import { runOnce } from '../fixtures/run-once.ts';

type Format = 'csv' | 'json' | 'parquet';

const record = z.object({ id: z.int(), name: z.string() });
const text: Readonly<Record<'csv' | 'json', string>> = {
  csv: `id,name\n${Array.from({ length: 300 }, (_, id) => `${id},n${id}\n`).join('')}`,
  json: JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, name: `n${id}` }))),
};
let parquet: Buffer;
beforeAll(async () => {
  const path = scratchFile('whole.parquet', '');
  await query(
    `COPY (SELECT range::BIGINT AS id, 'n' || range AS name FROM range(6000)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
  parquet = readFileSync(path);
});

let ports: EnginePorts;
beforeEach(() => {
  ports = enginePorts();
});

const codeWith = (format: Format, damaged: 'fail' | 'reject' | undefined, chunkBytes?: number) =>
  codeOf(
    pipeline('things', {
      gate: { pass: 0, review: 0 },
      resources: chunkBytes === undefined ? {} : { chunkBytes },
      outputs: [
        from(s3({ prefix: 'landing/things/', format }), record, damaged && { damaged }).to(lake({ table: 'things' })),
      ],
    }),
  );

/** Bytes in the middle are others. */
function overwritten(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0xa5, copy.length >> 1, (copy.length >> 1) + 64);
  return copy;
}

const damages: readonly [string, Format, number, () => Buffer][] = [
  ['gzip that was cut short', 'csv', 300, () => gzipSync(text.csv).subarray(0, -9)],
  ['gzip with damaged bytes', 'csv', 300, () => overwritten(gzipSync(text.csv, { level: 0 }))],
  ['a JSON array that was cut short', 'json', 300, () => Buffer.from(text.json.slice(0, -30))],
  ['Parquet without its end', 'parquet', 6000, () => parquet.subarray(0, -20)],
  ['Parquet with damaged pages', 'parquet', 6000, () => overwritten(parquet)],
];

const whole = (format: Format) => (format === 'parquet' ? parquet : text[format]);

describe.each(damages)('%s', (_, format, rows, damaged) => {
  test('becomes one reject that names the file, and all else is published', async () => {
    const code = await codeWith(format, 'reject');
    ports.objects.drop('landing/things/a-damaged', damaged());
    ports.objects.drop('landing/things/b-whole', whole(format));
    const { input } = await runOnce(ports, code, manual('first'));
    expect(await ports.runs.find(input.run)).toMatchObject({
      state: 'Completed',
      totals: { rowsIn: rows + 1, rejected: 1, tables: { things: rows } },
      assess: { score: 0.5, dimensions: { completeness: 0.5 } },
    });
    const [reject] = await query(`FROM read_parquet([${(await rejectsOf(ports, input)).map((path) => `'${path}'`)}])`);
    expect(reject).toMatchObject({ file: 'landing/things/a-damaged', rule: 'file is whole', form: null });
    expect(reject!.reason).toContain('landing/things/a-damaged ');

    const second = await runOnce(ports, code, manual('second'));
    expect(second.extracted.inputFiles).toBe(0);
    expect(await publishedRows(ports, 'things')).toHaveLength(rows);
  });
});

test('a run over nothing but damaged files scores nothing, fails at the gate, and says why', async () => {
  const { plan, ...code } = await codeWith('csv', 'reject');
  const strict = { ...code, plan: { ...plan, gate: { ...plan.gate, pass: 0.9, review: 0.1 } } };
  ports.objects.drop('landing/things/a-damaged', gzipSync(text.csv).subarray(0, -9));
  const input = stageInput(strict, manual());
  const { assessed } = await runToGate(ports, strict, input);
  expect(assessed).toMatchObject({ gate: 'fail', score: 0 });
  const [rule] = ports.objects.json(assessed.report).rules;
  expect(rule).toMatchObject({ rule: 'whole-files-things-things', table: 'things', total: 1, passed: 0, broken: true });
  expect(ports.bus.events.find(({ type }: { type: string }) => type === 'QualityAlert')).toMatchObject({
    detail: { dimension: 'completeness', observed: '1 of 1 files are damaged, and no row of them was read' },
  });
});

test('a gate that no run with a damaged file can pass is refused where such files shall not hold up the others', async () => {
  const main = from(s3({ prefix: 'landing/things/', format: 'csv' }), record, { damaged: 'reject' });
  const made = codeOf(pipeline('things', { outputs: [main.to(lake({ table: 'things' }))] }));
  await expect(made).rejects.toThrow(/give the share of files that must be whole, e\.g\. gate: \{ pass: 0\.9 \}/);
});

test('damage of a file in several chunks costs those that meet it', async () => {
  const code = await codeWith('parquet', 'reject', Math.ceil(parquet.length / 3));
  ports.objects.drop('landing/things/a', overwritten(parquet));
  const { input, extracted } = await runOnce(ports, code, manual());
  const { chunks } = extracted.stages.process!;
  expect(chunks).toBeGreaterThan(1);
  const { totals } = (await ports.runs.find(input.run))!;
  expect(totals!.rejected).toBeLessThan(chunks);
  expect(totals).toMatchObject({ rowsIn: totals!.rejected + totals!.tables.things! });
});

test('damage fails the run where nothing is said of it, which tells the file and what to do', async () => {
  const code = await codeWith('csv', undefined);
  ports.objects.drop('landing/things/a-damaged', gzipSync(text.csv).subarray(0, -9));
  const input = stageInput(code, manual());
  await expect(runToGate(ports, code, input)).rejects.toThrow();
  await compensate(ports, code, { ...input, error: { Error: 'States.ExceedToleratedFailureThreshold' }, state: 'x' });
  const { state, failure } = (await ports.runs.find(input.run))!;
  expect([state, failure?.error]).toEqual(['Failed', 'InputMalformedError']);
  expect(failure?.message).toContain('landing/things/a-damaged cannot be unpacked');
  expect(failure?.message).toContain("damaged: 'reject'");
});
