import { expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { from, lake, pipeline, s3 } from '../../lib/index.ts';
import { duckdbEngine } from '../../lib/runtime/duckdb-engine.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { components } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, stageInput } from '../fixtures/run-machine.ts';

const names = [
  'with space.csv',
  'a+b.csv',
  'a%2Bb.csv',
  'größe 日本 😀.csv',
  '../../curated/things/data/x.csv',
  './x.csv',
  "it's; DROP TABLE rejects; --.csv",
  '"quoted".csv',
  'back\\slash.csv',
  'nul\0byte.csv',
  'line\nend.csv',
  '*?[a].csv',
  '$(touch x) `touch x`.csv',
  '__proto__',
  'constructor',
  'day=2001-01-01/x.csv',
];

test('keys of any letters name their rejects exactly, and nothing is read or written elsewhere', async () => {
  const ports = { ...memoryPorts(), engine: duckdbEngine };
  const source = from(s3({ prefix: 'landing/things/', format: 'csv' }), z.object({ id: z.int(), t: z.string() }));
  const definition = pipeline('things', { outputs: [source.to(lake({ table: 'things' }))] });
  const code = { plan: await compile(definition), components, functions: {} };
  for (const [id, name] of names.entries()) ports.objects.drop(`landing/things/${name}`, `id,t\n${id},good\nx,bad\n`);
  ports.objects.drop('landing/other/x.csv', 'id,t\n99,elsewhere\n');
  const dropped = ports.objects.keys('landing/');
  const input = stageInput(code, manual());
  const { published } = await runToEnd(ports, code, input);
  expect(published.tables['table.things']).toMatchObject({ rows: names.length });

  expect(ports.objects.keys('landing/')).toEqual(dropped);
  const own = [`staged/things/${input.run}/`, `rejects/things/run=${input.run}/`, 'curated/things/', 'reports/things/'];
  for (const key of ports.objects.keys().filter((one) => !one.startsWith('landing/')))
    expect(
      own.some((prefix) => key.startsWith(prefix) && !key.includes('..')),
      key,
    ).toBe(true);

  const [rejects, ...more] = ports.objects.keys('rejects/');
  expect(more).toEqual([]);
  const body = await ports.objects.readRange({ key: rejects! }, 0, Number.MAX_SAFE_INTEGER);
  const rows = await query(`SELECT file, "row"::INTEGER AS "row" FROM '${scratchFile('rejects.parquet', body)}'`);
  expect(rows.map(({ file }) => file).sort()).toEqual(names.map((name) => `landing/things/${name}`).sort());
  expect(new Set(rows.map(({ row }) => row))).toEqual(new Set([2]));
});
