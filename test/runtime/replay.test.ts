import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { deduplicate, derive, enrich, filter, from, lake, map, pipeline, s3, validate } from '../../lib/index.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { findReplays } from '../../lib/runtime/replay/find-replays.ts';
import { enginePorts } from '../fixtures/assessed-run.ts';
import { someOf } from '../fixtures/depth.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { scratch } from '../fixtures/engine/scratch.ts';
import { codeOf, publishedRows, rejectsOf, startReplays } from '../fixtures/replayed.ts';
import { manual, runToEnd, runToGate, stageInput } from '../fixtures/run-machine.ts';

type Format = 'csv' | 'ndjson' | 'json' | 'parquet';
type Mode = 'append' | 'replace';

const compiled = new Map<string, ReturnType<typeof compileSales>>();

/** Two tables of one source. `strict`: as it was first, with a rule too many at each place that can have one. */
function sales(strict: boolean, { format = 'csv' as Format, mode = 'append' as Mode } = {}) {
  const name = [strict, format, mode].join();
  const code = compiled.get(name) ?? compileSales(strict, { format, mode });
  compiled.set(name, code);
  return code;
}

function compileSales(strict: boolean, { format, mode }: { readonly format: Format; readonly mode: Mode }) {
  const record = z.object({
    id: z.int(),
    shop: z.string(),
    amount: strict ? z.number().max(100) : z.number(),
    big: z.bigint().nullable(),
  });
  const shops = from(s3({ key: 'reference/shops.csv' }), z.object({ name: z.string(), city: z.string() }));
  const all = from(s3({ prefix: 'landing/sales/', format }), record).pipe(filter('id > 0'));
  const placed = all.pipe(
    enrich({ with: shops, on: 'shop = name', take: ['city'], unmatched: 'reject' }),
    validate({ sold: { column: 'amount', holds: strict ? 'amount <> 7' : 'true' } }),
  );
  const doubled = all.pipe(
    derive({ amount: 'amount * 2' }),
    map(z.object({ id: z.int(), amount: z.number() }), ({ id, amount }) => {
      if (strict && id === 5) throw new Error('five');
      return { id, amount };
    }),
  );
  return codeOf(
    pipeline('sales', {
      outputs: [placed.to(lake({ table: 'placed', mode })), doubled.to(lake({ table: 'doubled', mode }))],
    }),
  );
}

const rows = [
  { id: 1, shop: 'Bern', amount: 1, big: '9007199254740993' },
  { id: 2, shop: 'Rome', amount: 2, big: null },
  { id: 3, shop: 'Bern', amount: 300, big: null },
  { id: 4, shop: 'Bern', amount: 7, big: '1' },
  { id: 5, shop: 'Bern', amount: 5, big: null },
  { id: -6, shop: 'Bern', amount: 600, big: null },
  { id: 7, shop: 'Rome', amount: 7, big: null },
];

async function bodyOf(format: Format): Promise<string | Buffer> {
  const lines = rows.map((row) => `{"id":${row.id},"shop":"${row.shop}","amount":${row.amount},"big":${row.big}}`);
  switch (format) {
    case 'csv':
      return `id,shop,amount,big\n${rows.map((row) => `${row.id},${row.shop},${row.amount},${row.big ?? ''}\n`).join('')}`;
    case 'ndjson':
      return `${lines.join('\n')}\n`;
    case 'json':
      return `[${lines.join(',')}]`;
    case 'parquet': {
      const path = join(scratch(), 'rows.parquet');
      const values = rows.map((row) => `(${row.id}::BIGINT, '${row.shop}', ${row.amount}::DOUBLE, ${row.big}::BIGINT)`);
      await query(`COPY (SELECT * FROM (VALUES ${values.join(', ')}) rows(id, shop, amount, big)) TO '${path}'`);
      return (await import('node:fs')).readFileSync(path);
    }
  }
}

const fewShops = 'name,city\nBern,BE\n';
const moreShops = 'name,city\nBern,BE\nRome,RM\n';

/** A first run of the strict pipeline. */
async function firstRun(format: Format = 'csv', mode: Mode = 'append') {
  const ports = enginePorts();
  ports.objects.drop('reference/shops.csv', fewShops);
  ports.objects.drop(`landing/sales/a.${format}`, await bodyOf(format));
  const strict = await sales(true, { format, mode });
  const input = stageInput(strict, manual());
  await runToEnd(ports, strict, input);
  return { ports, strict, input };
}

/** What a run of the mended pipeline over the same rows publishes, whatever their format. */
async function expected() {
  const format = 'csv';
  const ports = enginePorts();
  ports.objects.drop('reference/shops.csv', moreShops);
  ports.objects.drop(`landing/sales/a.${format}`, await bodyOf(format));
  const code = await sales(false, { format });
  await runToEnd(ports, code, stageInput(code, manual()));
  return { placed: await publishedRows(ports, 'placed'), doubled: await publishedRows(ports, 'doubled') };
}

/** Of all formats alike; begun once. */
const wanted = expected();

describe.each<Format>(someOf(['csv', 'json', 'parquet']))('rejects of %s, replayed on a mended pipeline', (format) => {
  test('make the tables what one run of it would have made, each row once in each table', async () => {
    const { ports, input } = await firstRun(format);
    const mended = await sales(false, { format });
    ports.objects.drop('reference/shops.csv', moreShops);
    const { groups, inputs, taken, unreadable } = await startReplays(ports, mended, input);
    expect(groups.map(({ tables, inputs: files }) => [tables, files.map(({ rows }) => rows)])).toEqual([
      [['doubled', 'placed'], [2]],
      [['doubled'], [1]],
      [['placed'], [3]],
    ]);
    expect([taken, unreadable]).toEqual([0, 0]);
    for (const replay of inputs) await runToEnd(ports, mended, replay);
    expect({ placed: await publishedRows(ports, 'placed'), doubled: await publishedRows(ports, 'doubled') }).toEqual(
      await wanted,
    );
    const replays = await findReplays(ports, input);
    expect(replays.reduce((sum, { totals }) => sum + totals!.rowsIn, 0)).toBe(6);
    expect((await startReplays(ports, mended, input)).groups).toEqual([]);
  });
});

describe('a replay', () => {
  test('that is asked for twice is one run, until that has failed', async () => {
    const { ports, strict, input } = await firstRun();
    const [one] = (await startReplays(ports, strict, input, { rule: 'sold' })).inputs;
    const [same] = (await startReplays(ports, strict, input, { rule: 'sold' })).inputs;
    expect(same!.run).toBe(one!.run);
    expect(ports.executions.started.size).toBe(1);
    await runToGate(ports, strict, one!);
    await compensate(ports, strict, { ...one!, error: { Error: 'QualityGateError' }, state: 'Gate' });
    const [again] = (await startReplays(ports, strict, input, { rule: 'sold' })).inputs;
    expect(again!.run).not.toBe(one!.run);
    expect(again!.trigger).toMatchObject({ number: 1, attempt: 1 });
  });

  test('whose rows are rejected again leaves them open, under the place that they have had from the start', async () => {
    const { ports, strict, input } = await firstRun();
    const [replay] = (await startReplays(ports, strict, input, { rule: 'amount <= 100' })).inputs;
    await runToEnd(ports, strict, replay!);
    expect(await ports.runs.find(replay!.run)).toMatchObject({
      totals: { rowsIn: 2, rejected: 2, tables: { placed: 0 } },
    });
    const [path] = await rejectsOf(ports, replay!);
    expect(await query(`SELECT file, version, "row", rule, source, tables FROM '${path}' ORDER BY "row"`)).toEqual(
      ['3', '6'].map((row) => ({
        file: 'landing/sales/a.csv',
        version: expect.any(String),
        row,
        rule: 'amount <= 100',
        source: 'sales',
        tables: '["doubled","placed"]',
      })),
    );
    const next = await startReplays(ports, await sales(false), input, { rule: 'amount <= 100' });
    expect(next.groups[0]!.inputs[0]!.rows).toBe(2);
    expect(next.inputs[0]!.trigger.number).toBe(2);
    expect(next.taken).toBe(2);
  });

  test('loses against another one that took its rows, and publishes nothing', async () => {
    const { ports, strict, input } = await firstRun();
    const mended = await sales(false);
    const [some] = (await startReplays(ports, mended, input, { rule: 'sold' })).inputs;
    const all = (await startReplays(ports, mended, input)).inputs.find(
      ({ trigger }) => trigger.tables.join() === 'placed',
    )!;
    await runToGate(ports, mended, some!);
    await runToGate(ports, mended, all);
    await publish(ports, mended, some!);
    await publish(ports, mended, all);
    await commit(ports, mended, all);
    await expect(commit(ports, mended, some!)).rejects.toMatchObject({ name: 'InputConsumedError' });
    await compensate(ports, mended, { ...some!, error: { Error: 'InputConsumedError' }, state: 'Commit' });
    expect((await findReplays(ports, input)).map(({ run }) => run)).toEqual([all.run]);
    expect(strict.plan.digest).not.toBe(mended.plan.digest);
  });

  test('takes corrected records of an export, and those alone', async () => {
    const { ports, strict, input } = await firstRun();
    const [path] = await rejectsOf(ports, input);
    const corrections = join(scratch(), 'corrected.ndjson');
    const [reject] = await query(`SELECT * FROM '${path}' WHERE "row" = 3`);
    writeFileSync(corrections, JSON.stringify({ ...reject, raw: reject!.raw.replace('300', '30') }));
    const { inputs } = await startReplays(ports, strict, input, { corrections });
    expect(inputs.map(({ trigger }) => trigger.inputs[0]!.rows)).toEqual([1]);
    await runToEnd(ports, strict, inputs[0]!);
    expect(await publishedRows(ports, 'doubled')).toContain('{"id":3,"amount":60.0}');
    const twice = startReplays(ports, strict, input, { corrections });
    await expect(twice).rejects.toMatchObject({
      code: 'CORRECTION_INVALID',
      received: expect.stringContaining('record 3'),
    });
  });

  test('mends a CSV record that could not be parted', async () => {
    const { ports, strict } = await firstRun();
    ports.objects.drop('landing/sales/b.csv', 'big,id,shop,amount\n,11,Bern\n,12,"Bern,3\n,13,Bern,3\n');
    const input = stageInput(strict, manual('second'));
    await runToEnd(ports, strict, input);
    const [path] = await rejectsOf(ports, input);
    const corrections = join(scratch(), 'corrected.csv');
    await query(
      `COPY (SELECT * REPLACE (CASE "row" WHEN 1 THEN raw || ',4' ELSE raw END AS raw) FROM '${path}') TO '${corrections}' (HEADER)`,
    );
    const { inputs } = await startReplays(ports, strict, input, { corrections });
    await runToEnd(ports, strict, inputs[0]!);
    expect((await publishedRows(ports, 'doubled')).filter((row) => row.startsWith('{"id":1'))).toEqual([
      '{"id":1,"amount":2.0}',
      '{"id":11,"amount":8.0}',
      '{"id":13,"amount":6.0}',
    ]);
    expect(await ports.runs.find(inputs[0]!.run)).toMatchObject({ totals: { rowsIn: 2, rejected: 1 } });
  });

  test('adds to a table that each run replaces, as long as that holds the rows of its run', async () => {
    const { ports, strict, input } = await firstRun('csv', 'replace');
    const mended = await sales(false, { mode: 'replace' });
    const [second, first] = (await startReplays(ports, mended, input)).inputs;
    const before = await publishedRows(ports, 'doubled');
    await runToEnd(ports, mended, first!);
    expect(await publishedRows(ports, 'doubled')).toEqual([...before, '{"id":5,"amount":10.0}'].sort());
    ports.objects.drop('landing/sales/b.csv', 'id,shop,amount,big\n9,Bern,1,\n');
    await runToEnd(ports, strict, stageInput(strict, manual('second')));
    await runToGate(ports, mended, second!);
    await expect(publish(ports, mended, second!)).rejects.toMatchObject({
      code: 'REPLAY_IMPOSSIBLE',
      problem: `the table "placed" was replaced since, so rejects of "${input.run}" do not belong to its rows any longer`,
    });
  });

  test('reads what a later stage rejected from its place in its file', async () => {
    const ports = enginePorts();
    const shops = from(s3({ key: 'reference/shops.csv' }), z.object({ name: z.string(), city: z.string() }));
    const record = z.object({ id: z.int(), shop: z.string() });
    const all = from(s3({ prefix: 'landing/sales/', format: 'csv' }), record).pipe(
      deduplicate({ key: ['id'] }),
      enrich({ with: shops, on: 'shop = name', take: ['city'], unmatched: 'reject' }),
    );
    const code = await codeOf(
      pipeline('sales', { resources: { chunkBytes: 40, partitions: 3 }, outputs: [all.to(lake({ table: 'sales' }))] }),
    );
    ports.objects.drop('reference/shops.csv', fewShops);
    ports.objects.drop('landing/sales/a.csv', 'id,shop,note\n1,Bern,a\n2,Rome,c\n');
    ports.objects.drop('landing/sales/b.csv', 'id,shop,note\n2,Bern,a\n3,Rome,c\n4,Oslo,d\n');
    const input = stageInput(code, manual());
    const { extracted } = await runToEnd(ports, code, input);
    expect(extracted.solo).toBe(false);
    ports.objects.drop('reference/shops.csv', moreShops);
    const { inputs, unreadable } = await startReplays(ports, code, input);
    expect([inputs[0]!.trigger.inputs[0]!.rows, unreadable]).toEqual([3, 0]);
    await runToEnd(ports, code, inputs[0]!);
    expect(await ports.runs.find(inputs[0]!.run)).toMatchObject({
      totals: { rowsIn: 3, rejected: 1, tables: { sales: 2 } },
    });
    expect(await publishedRows(ports, 'sales')).toEqual([
      '{"id":1,"shop":"Bern","city":"BE"}',
      '{"id":2,"shop":"Rome","city":"RM"}',
      '{"id":3,"shop":"Rome","city":"RM"}',
    ]);
    const again = await startReplays(ports, code, input);
    expect(again.groups[0]!.inputs.map(({ rows }) => rows)).toEqual([1]);
  });

  test('in chunks balances as in one', async () => {
    const { ports, input } = await firstRun();
    const mended = await sales(false);
    const small = { ...mended, plan: { ...mended.plan, resources: { ...mended.plan.resources, chunkBytes: 1 } } };
    const all = (await startReplays(ports, small, input)).inputs.find(({ trigger }) => trigger.tables.length === 2)!;
    const { extracted } = await runToEnd(ports, small, all);
    expect(extracted.solo).toBe(false);
    expect(await ports.runs.find(all.run)).toMatchObject({ state: 'Completed', totals: { rowsIn: 2, filtered: 1 } });
  });

  test.each([['no column of the contract is made up', { extra: z.string().nullable() }, 'SCHEMA_MISMATCH']])(
    'fails so that %s',
    async (_, more, code) => {
      const { ports, input } = await firstRun();
      const record = z.object({ id: z.int(), shop: z.string(), ...more });
      const source = from(s3({ prefix: 'landing/sales/', format: 'csv' }), record);
      const changed = await codeOf(
        pipeline('sales', { outputs: [source.to(lake({ table: 'placed' })), source.to(lake({ table: 'doubled' }))] }),
      );
      const [replay] = (await startReplays(ports, changed, input)).inputs;
      await runToGate(ports, changed, replay!).catch(() => undefined);
      const [failure] = await ports.runs.chunkFailures(replay!.run);
      expect(JSON.parse(failure!.cause).code).toBe(code);
    },
  );

  test('needs the source and the tables of its rows in the plan', async () => {
    const { ports, input } = await firstRun();
    const source = from(s3({ prefix: 'landing/sales/', format: 'csv' }), z.object({ id: z.int() }));
    const changed = await codeOf(pipeline('sales', { outputs: [source.to(lake({ table: 'placed' }))] }));
    const lost = (await startReplays(ports, changed, input)).inputs.find(({ trigger }) =>
      trigger.tables.includes('doubled'),
    )!;
    await expect(runToGate(ports, changed, lost)).rejects.toMatchObject({
      code: 'REPLAY_IMPOSSIBLE',
      received: 'doubled',
    });
  });
});
