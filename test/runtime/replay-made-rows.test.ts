import { expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, derive, explode, from, join, lake, pipeline, s3, validate } from '../../lib/index.ts';
import { type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { codeOf, publishedRows, startReplays } from '../fixtures/replayed.ts';
import { manual, runToEnd, stageInput } from '../fixtures/run-machine.ts';

const tables = ['baskets', 'items', 'kept', 'totals', 'priced'] as const;

/** Rules on records, and on what is none: elements, groups, pairs. `most`: what they allow. */
function baskets(most: number, chunkBytes: number) {
  const item = z.object({ name: z.string(), n: z.int() });
  const record = z.object({ id: z.int(), items: z.array(item) });
  const read = from(s3({ prefix: 'landing/baskets/', format: 'ndjson' }), record);
  const prices = from(
    s3({ prefix: 'landing/prices/', format: 'csv' }),
    z.object({ product: z.string(), price: z.int() }),
  );
  const few = (column: string) => validate({ [`few ${column}`]: { column, holds: `${column} <= ${most}` } });
  const parted = read.pipe(
    explode('items', { as: 'item', position: 'place' }),
    derive({ name: 'item.name', n: 'item.n' }),
  );
  const items = parted.pipe(few('n'));
  const totals = parted.pipe(aggregate({ by: ['name'], measures: { total: 'sum(n)' } }), few('total'));
  const priced = read.pipe(
    derive({ product: 'items[1].name' }),
    join({ with: prices, on: 'product = product', how: 'inner' }),
    few('price'),
  );
  return codeOf(
    pipeline('baskets', {
      resources: chunkBytes > 0 ? { chunkBytes, partitions: 2 } : {},
      outputs: [
        read.pipe(few('id')).to(lake({ table: 'baskets' })),
        items.to(lake({ table: 'items' })),
        items.to(lake({ table: 'kept', mode: 'merge', key: ['id', 'place'] })),
        totals.to(lake({ table: 'totals' })),
        priced.to(lake({ table: 'priced' })),
      ],
    }),
  );
}

const basket = (id: number, ...items: readonly (readonly [string, number])[]) =>
  JSON.stringify({ id, items: items.map(([name, n]) => ({ name, n })) });
const first = [basket(1, ['pear', 2], ['plum', 30], ['fig', 40]), basket(2), basket(30, ['plum', 4], ['pear', 5])];
const second = [basket(4, ['fig', 6], ['plum', 70])];

async function run(most: number, chunkBytes: number) {
  const ports = enginePorts();
  for (const [index, records] of [first, second].entries())
    ports.objects.drop(`landing/baskets/${index}`, records.join('\n'));
  ports.objects.drop('landing/prices/0', 'product,price\npear,1\npear,20\nplum,30\nfig,2\n');
  const code = await baskets(most, chunkBytes);
  const input = stageInput(code, manual());
  await runToEnd(ports, code, input);
  return { ports, input, rows: await rowsOf(ports) };
}

async function rowsOf(ports: EnginePorts): Promise<Record<string, readonly string[]>> {
  const found = await Promise.all(tables.map(async (table) => [table, await publishedRows(ports, table)] as const));
  return Object.fromEntries(found);
}

test.each([0, 60])(
  'rejects that are no records of a file are replayed with all rows of their run, once (chunks of %i bytes)',
  async (chunkBytes) => {
    const { ports, input, rows } = await run(10, chunkBytes);
    expect(tables.map((table) => rows[table]!.length)).toEqual([3, 5, 5, 2, 2]);
    const loose = await baskets(50, chunkBytes);
    const { groups, inputs, unreadable } = await startReplays(ports, loose, input);
    expect(groups.map(({ tables: on, rows: rejects, whole }) => [on, rejects, whole])).toEqual([
      [['baskets'], 1, undefined],
      [['items', 'kept', 'priced', 'totals'], 7, true],
    ]);
    expect(unreadable).toBe(0);
    for (const replay of inputs) await runToEnd(ports, loose, replay);
    expect(await rowsOf(ports)).toEqual((await run(50, chunkBytes)).rows);
    // One element and one sum are too many still.
    const again = await startReplays(ports, loose, input);
    expect(again.groups.map(({ rows: rejects }) => rejects)).toEqual([2]);
    const open = await baskets(1000, chunkBytes);
    for (const replay of (await startReplays(ports, open, input)).inputs) await runToEnd(ports, open, replay);
    expect(await rowsOf(ports)).toEqual((await run(1000, chunkBytes)).rows);
    expect((await startReplays(ports, open, input)).groups).toEqual([]);
  },
);
