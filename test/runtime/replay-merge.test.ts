import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { deduplicate, derive, from, lake, pipeline, s3 } from '../../lib/index.ts';
import { enginePorts } from '../fixtures/assessed-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { scratch } from '../fixtures/engine/scratch.ts';
import { codeOf, publishedRows, rejectsOf, startReplays } from '../fixtures/replayed.ts';
import { manual, runToEnd, stageInput } from '../fixtures/run-machine.ts';

const record = z.object({ id: z.int(), at: z.int(), due: z.int(), note: z.string().nullable() });

/** A table that each run merges into, and one of all rows. `strict`: as it was first, with days beyond the calendar. */
function orders(strict: boolean) {
  const day = strict ? "DATE '2026-01-01' + due::INTEGER" : "DATE '2026-01-01' + least(due, 1000)::INTEGER";
  const rows = from(s3({ prefix: 'landing/orders/', format: 'ndjson' }), record).pipe(derive({ due: day }));
  const newest = rows.pipe(deduplicate({ key: ['id'], keep: 'latest', by: 'at' }));
  return codeOf(
    pipeline('orders', {
      outputs: [
        rows.to(lake({ table: 'all_orders' })),
        newest.to(lake({ table: 'orders', mode: 'merge', key: ['id'], by: 'at' })),
      ],
    }),
  );
}

const line = (id: number, at: number, due: number | string = 1) => JSON.stringify({ id, at, due, note: null });
const notes = async (ports: ReturnType<typeof enginePorts>, table: string) =>
  (await publishedRows(ports, table)).map((row) => {
    const { id, at, due } = JSON.parse(row);
    return `${id} ${at} ${due}`;
  });

test('replays by rule merge into a table by key: a late row takes the place of no newer one, and none comes twice', async () => {
  const ports = enginePorts();
  const far = 99_999_999;
  ports.objects.drop('landing/orders/0', [line(1, 1), line(2, 1, far), line(3, 1, far), line(4, 1, 'x')].join('\n'));
  const strict = await orders(true);
  const input = stageInput(strict, manual('first'));
  await runToEnd(ports, strict, input);
  ports.objects.drop('landing/orders/1', [line(2, 9), line(5, 1)].join('\n'));
  await runToEnd(ports, strict, stageInput(strict, manual('second')));
  expect(await notes(ports, 'orders')).toEqual(['1 1 2026-01-02', '2 9 2026-01-02', '5 1 2026-01-02']);

  const mended = await orders(false);
  const { inputs, groups } = await startReplays(ports, mended, input, { rule: 'due can be stored' });
  expect(groups.map(({ tables, rows }) => [tables, rows])).toContainEqual([['all_orders'], 2]);
  for (const replay of inputs) await runToEnd(ports, mended, replay);
  const found = ['1 1 2026-01-02', '2 9 2026-01-02', '3 1 2028-09-27', '5 1 2026-01-02'];
  expect(await notes(ports, 'orders')).toEqual(found);
  expect((await notes(ports, 'all_orders')).toSorted()).toEqual(found.toSpliced(1, 0, '2 1 2028-09-27'));
  expect((await startReplays(ports, mended, input, { rule: 'due can be stored' })).groups).toEqual([]);

  // The other one is open still, for each table.
  const [path] = await rejectsOf(ports, input);
  const [reject] = await query(`SELECT * FROM '${path}' WHERE "row" = 4`);
  const corrections = join(scratch(), 'corrected.ndjson');
  writeFileSync(corrections, JSON.stringify({ ...reject, raw: line(4, 1) }));
  for (const replay of (await startReplays(ports, mended, input, { corrections })).inputs)
    await runToEnd(ports, mended, replay);
  for (const table of ['orders', 'all_orders']) expect(await notes(ports, table)).toContain('4 1 2026-01-02');
  expect((await startReplays(ports, mended, input)).groups).toEqual([]);
});
