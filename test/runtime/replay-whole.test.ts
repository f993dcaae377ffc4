import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { compactFiles } from '../../lib/engine/index.ts';
import {
  aggregate,
  cast,
  deduplicate,
  derive,
  from,
  join as joined,
  lake,
  pipeline,
  rank,
  rename,
  s3,
  select,
  validate,
  window,
} from '../../lib/index.ts';
import { compactTable } from '../../lib/runtime/compact/compact-table.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { scratch } from '../fixtures/engine/scratch.ts';
import { codeOf, publishedRows, rejectsOf, startReplays } from '../fixtures/replayed.ts';
import { manual, runToEnd, runToGate, stageInput } from '../fixtures/run-machine.ts';

const tables = ['sold', 'latest', 'totals'] as const;

/** One table of rows by themselves, one of rows that meet by key, one of sums. `strict`: as it was first. */
function sales(strict: boolean, { chunkBytes = 0 } = {}) {
  const record = z.object({ id: z.int(), shop: z.string(), at: z.int(), amount: strict ? z.int().max(100) : z.int() });
  const all = from(s3({ prefix: 'landing/sales/', format: 'csv' }), record).pipe(
    validate({ open: { column: 'shop', holds: strict ? "shop <> 'Rome'" : 'true' } }),
  );
  const latest = all.pipe(deduplicate({ key: ['id'], keep: 'latest', by: 'at' }));
  const totals = latest.pipe(aggregate({ by: ['shop'], measures: { n: 'count(*)', amount: 'sum(amount)' } }));
  return codeOf(
    pipeline('sales', {
      resources: chunkBytes > 0 ? { chunkBytes, partitions: 2 } : {},
      outputs: [
        all.to(lake({ table: 'sold' })),
        latest.to(lake({ table: 'latest' })),
        totals.to(lake({ table: 'totals' })),
      ],
    }),
  );
}

const head = 'id,shop,at,amount\n';
const bad = '1,Bern,2,300\n2,Rome,1,5\n4,Bern,1,x\n';
const first = `${head}1,Bern,1,10\n${bad}2,Bern,2,20\n3,Bern,1,30\n`;
const second = `${head}1,Bern,3,1000\n5,Oslo,1,7\n3,Oslo,9,8\n`;
/** What people find in the end; only `mended` was corrected by hand. */
const mended = '4,Bern,1,40';

async function allRows(ports: EnginePorts): Promise<Record<string, string[]>> {
  const rows = await Promise.all(tables.map(async (table) => [table, await publishedRows(ports, table)] as const));
  return Object.fromEntries(rows);
}

/** The tables as one run over these files would have made them. */
async function oneRun(...files: string[]) {
  const ports = enginePorts();
  const code = await sales(false);
  for (const [index, body] of files.entries()) {
    ports.objects.drop(`landing/sales/${index}.csv`, body);
  }
  await runToEnd(ports, code, stageInput(code, manual()));
  return allRows(ports);
}

async function firstRun(options: { chunkBytes?: number } = {}) {
  const ports = enginePorts();
  ports.objects.drop('landing/sales/0.csv', first);
  ports.objects.drop('landing/sales/1.csv', second);
  const strict = await sales(true, options);
  const input = stageInput(strict, manual());
  const { extracted } = await runToEnd(ports, strict, input);
  return { ports, strict, input, extracted };
}

test.each([0, 60])(
  'where rows meet, a replay makes the tables what one run of it would have made (chunks of %i bytes)',
  async (chunkBytes) => {
    const { ports, input, extracted } = await firstRun({ chunkBytes });
    expect(extracted.solo).toBe(chunkBytes === 0);
    const loose = await sales(false, { chunkBytes });
    const { groups, inputs } = await startReplays(ports, loose, input);
    expect(groups.map(({ tables, rows, whole }) => [tables, rows, whole])).toEqual([
      [['sold'], 4, undefined],
      [['latest', 'totals'], 4, true],
    ]);
    expect(ports.audit.entries.map(({ detail }) => detail?.rows)).toEqual([4, 4]);
    for (const replay of inputs) await runToEnd(ports, loose, replay);
    expect(await allRows(ports)).toEqual(await oneRun(first, second));

    // What the mended rules still reject is open, and nothing else.
    const again = await startReplays(ports, loose, input);
    expect(again.groups.map(({ tables, rows }) => [tables, rows])).toEqual([
      [['sold'], 1],
      [['latest', 'totals'], 1],
    ]);
    const found = await Promise.all(inputs.map((replay) => rejectsOf(ports, replay)));
    const corrections = join(scratch(), 'corrected.ndjson');
    const [reject] = await query(`FROM '${found[0]![0]}'`);
    writeFileSync(corrections, JSON.stringify({ ...reject, raw: reject!.raw.replace('"x"', '"40"') }));
    const { inputs: corrected } = await startReplays(ports, loose, input, { corrections });
    for (const replay of corrected) await runToEnd(ports, loose, replay);
    expect(await allRows(ports)).toEqual(await oneRun(first.replace('4,Bern,1,x', mended), second));
    expect(await ports.runs.find(corrected[1]!.run)).toMatchObject({
      state: 'Completed',
      totals: { rowsIn: 10, filtered: 1, rejected: 0, tables: { latest: 5 } },
    });
    expect((await startReplays(ports, loose, input)).groups).toEqual([]);
  },
);

test('a correction outlives the next replay, and rows of other runs stay', async () => {
  const { ports, strict, input } = await firstRun();
  ports.objects.drop('landing/sales/2.csv', `${head}1,Bern,9,9\n`);
  await runToEnd(ports, strict, stageInput(strict, manual('second')));
  const [path] = await rejectsOf(ports, input);
  const corrections = join(scratch(), 'corrected.ndjson');
  const [reject] = await query(`SELECT * FROM '${path}' WHERE "row" = 4`);
  writeFileSync(corrections, JSON.stringify({ ...reject, raw: reject!.raw.replace('"x"', '"40"') }));
  for (const replay of (await startReplays(ports, strict, input, { corrections })).inputs)
    await runToEnd(ports, strict, replay);
  const loose = await sales(false);
  for (const replay of (await startReplays(ports, loose, input)).inputs) await runToEnd(ports, loose, replay);
  const one = await oneRun(first.replace('4,Bern,1,x', mended), second);
  const own = (rows: string[]) =>
    rows.filter((row) => !row.includes('"at":9,"amount":9') && row !== '{"shop":"Bern","n":1,"amount":9}');
  const all = await allRows(ports);
  for (const table of tables) {
    expect(own(all[table]!)).toEqual(one[table]);
    expect(all[table]).toHaveLength(one[table]!.length + 1);
  }
});

test('a table whose files were merged can not be made anew', async () => {
  const { ports, strict, input } = await firstRun();
  ports.objects.drop('landing/sales/2.csv', `${head}1,Bern,9,9\n`);
  await runToEnd(ports, strict, stageInput(strict, manual('second')));
  const { inputs } = await startReplays(ports, await sales(false), input);
  const whole = inputs.find(({ trigger }) => trigger.whole)!;
  await compactTable({ ...ports, compactFiles }, { table: 'latest' });
  const loose = await sales(false);
  await runToGate(ports, loose, whole);
  await expect(publish(ports, loose, whole)).rejects.toMatchObject({
    code: 'REPLAY_IMPOSSIBLE',
    problem: `rows of ${input.run} in the table "latest" can not be told from those of other runs any more`,
  });
});

test.each([0, 20])(
  'what an aggregate could not be given, and groups that it could not make, are mended by a changed measure and contract (chunks of %i bytes)',
  async (chunkBytes) => {
    const totals = (code: z.ZodType, measures: Record<string, string>) =>
      codeOf(
        pipeline('codes', {
          resources: chunkBytes > 0 ? { chunkBytes, partitions: 2 } : {},
          outputs: [
            from(s3({ prefix: 'landing/codes/', format: 'csv' }), z.object({ k: z.string(), code }))
              .pipe(aggregate({ by: ['k'], measures }))
              .to(lake({ table: 'totals' })),
          ],
        }),
      );
    const ports = enginePorts();
    ports.objects.drop('landing/codes/0.csv', 'k,code\na,1\na,x\nb,100\nb,100\n');
    ports.objects.drop('landing/codes/1.csv', 'k,code\na,3\nc,y\n');
    const strict = await totals(z.string(), { total: 'sum(code::INTEGER)::TINYINT' });
    const input = stageInput(strict, manual());
    await runToEnd(ports, strict, input);
    expect(await publishedRows(ports, 'totals')).toEqual(['{"k":"a","total":4}']);

    const mended = await totals(z.string().max(3), { total: 'sum(TRY_CAST(code AS INTEGER))::TINYINT' });
    const { inputs, groups } = await startReplays(ports, mended, input);
    expect(groups.map(({ rows, whole }) => [rows, whole])).toEqual([[3, true]]);
    for (const replay of inputs) await runToEnd(ports, mended, replay);
    expect(await publishedRows(ports, 'totals')).toEqual(['{"k":"a","total":4}', '{"k":"c","total":null}']);

    // The group is rejected still; rows that the measure can use now are not.
    const again = await startReplays(ports, mended, input);
    expect(again.groups.map(({ rows }) => rows)).toEqual([1]);
    const wide = await totals(z.string(), { total: 'sum(TRY_CAST(code AS INTEGER))::BIGINT' });
    const last = await startReplays(ports, wide, input);
    for (const replay of last.inputs) await runToEnd(ports, wide, replay);
    expect((await startReplays(ports, wide, input)).groups).toEqual([]);
  },
);

/** Tables of two sources, and of a third that each run reads whole. `strict`: as it was first. */
function visits(strict: boolean, chunkBytes: number) {
  const record = z.object({ id: z.int(), turn: z.int(), n: z.string() });
  const read = (name: string) => from(s3({ prefix: `landing/${name}/`, format: 'ndjson' }), record);
  const typed = strict ? cast({ n: 'INTEGER' }) : derive({ n: 'coalesce(TRY_CAST(n AS INTEGER), 0)' });
  const bars = read('bars');
  const placed = bars.pipe(
    rank({ by: ['id'], order: ['turn'], as: 'place' }),
    window({ by: ['id'], order: ['turn'], columns: { before: 'lag(turn)' } }),
    typed,
  );
  const old = read('old').pipe(typed, select('id', 'n'), rename({ n: 'old' }));
  return codeOf(
    pipeline('visits', {
      resources: chunkBytes > 0 ? { chunkBytes, partitions: 2 } : {},
      outputs: [
        read('shops')
          .pipe(typed)
          .to(lake({ table: 'shops' })),
        placed.to(lake({ table: 'placed' })),
        bars.pipe(joined({ with: old, on: 'id = id' })).to(lake({ table: 'with_old' })),
      ],
    }),
  );
}

test.each([0, 150])(
  'values that rows have of others are those of one run, and sources of other tables are left alone (chunks of %i bytes)',
  async (chunkBytes) => {
    const rows = Array.from({ length: 12 }, (_, turn) => ({ id: turn % 2, turn, n: turn % 5 === 3 ? 'bad' : '1' }));
    const run = async (strict: boolean) => {
      const ports = enginePorts();
      for (const name of ['shops', 'bars'])
        ports.objects.drop(`landing/${name}/0`, rows.map((row) => JSON.stringify(row)).join('\n'));
      ports.objects.drop('landing/old/0', JSON.stringify({ id: 1, turn: 1, n: 'bad' }));
      const code = await visits(strict, chunkBytes);
      const input = stageInput(code, manual());
      await runToEnd(ports, code, input);
      return { ports, input };
    };
    const { ports, input } = await run(true);
    const loose = await visits(false, chunkBytes);
    const { inputs, unreadable } = await startReplays(ports, loose, input);
    expect(inputs.map(({ trigger }) => [trigger.tables, trigger.whole])).toEqual([
      [['shops'], undefined],
      [['placed'], true],
    ]);
    // The next run reads it again by itself.
    expect(unreadable).toBe(1);
    for (const replay of inputs) await runToEnd(ports, loose, replay);
    const { ports: once } = await run(false);
    for (const table of ['shops', 'placed']) {
      expect(await publishedRows(ports, table)).toHaveLength(rows.length);
      expect(await publishedRows(ports, table)).toEqual(await publishedRows(once, table));
    }
    expect((await startReplays(ports, loose, input)).groups).toEqual([]);
  },
);
