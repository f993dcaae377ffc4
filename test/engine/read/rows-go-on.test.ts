import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { contract, planContract } from '../../../lib/component/contract.ts';
import type { SourceNode } from '../../../lib/component/plan.ts';
import s3 from '../../../lib/connectors/s3.ts';
import { Rejects } from '../../../lib/engine/rejects.ts';
import { rowColumn } from '../../../lib/engine/relation.ts';
import { Session } from '../../../lib/engine/session.ts';
import { readSource } from '../../../lib/engine/source.ts';
import { scratch } from '../../fixtures/engine/scratch.ts';

const folder = scratch();
let session: Session;
let reads = 0;
beforeAll(async () => {
  session = await Session.open({ folders: [folder], memoryMegabytes: 2048, threads: 2 });
});
afterAll(() => session.end());

type Format = 'csv' | 'ndjson';

/** Every thousandth record has no number, and some are no records at all. */
function records(format: Format, rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const n = row % 1000 === 7 ? 'x' : row;
    if (row % 5000 === 11) return format === 'csv' ? `${n},one,too,many` : `{"n": ${row}, "word": "cut`;
    return format === 'csv' ? `${n},word ${row}` : JSON.stringify({ n, word: `word ${row}` });
  });
  return [...(format === 'csv' ? ['n,word'] : []), ...lines, ''].join('\n');
}

async function read(format: Format, rows: number, { goesOn = true, table = true } = {}) {
  const id = `source ${reads++}`;
  const workFolder = join(folder, id);
  mkdirSync(workFolder);
  const path = join(workFolder, 'input');
  writeFileSync(path, records(format, rows));
  const promised = await planContract(contract(z.object({ n: z.int(), word: z.string() })), id);
  const node: SourceNode = {
    id,
    kind: 'source',
    component: 's3',
    options: s3.source!.schema.parse({ prefix: 'landing/things/', format }),
    columns: promised.fields,
    contract: promised,
    use: 'main',
  };
  await session.run('DROP TABLE IF EXISTS rejects');
  const rejects = await Rejects.open(session, 'process', { 0: { source: id, key: 'landing/things/one' } });
  if (!table) await session.run('DROP TABLE rejects');
  const beside = vi.spyOn(session, 'beside');
  const files = [{ path, key: 'landing/things/one', of: id, file: 0 }];
  const { relation, count } = await readSource({ session, rejects, node, connector: s3, files, workFolder, goesOn });
  const times = beside.mock.calls.length;
  beside.mockRestore();
  return { relation, count, rejects, times };
}

async function told(format: Format, rows: number, options?: { readonly goesOn: boolean }) {
  const { relation, count, rejects, times } = await read(format, rows, options);
  const good = await session.counts(`SELECT count(*), sum(n), sum(${rowColumn}) FROM ${relation.name}`);
  await rejects.settled();
  const aside = await session.rows('SELECT * EXCLUDE (node) FROM rejects ORDER BY id');
  const { node: _, ...counts } = await count;
  return { times, told: { good, aside, counts, rejected: rejects.count } };
}

describe.each(['csv', 'ndjson'] as const)('of many records of %s', (format) => {
  test('the good rows go on while the bad ones are set aside, and all is told as if they had waited', async () => {
    const [waits, goesOn] = [await told(format, 100_000, { goesOn: false }), await told(format, 100_000)];
    expect([waits.times, goesOn.times]).toEqual([0, 1]);
    expect(goesOn.told).toEqual(waits.told);
    expect(goesOn.told.aside.length).toBe(120);
  });

  test('a failure to set them aside is one of whoever asks for them', async () => {
    const { relation, count, rejects, times } = await read(format, 100_000, { table: false });
    expect(times).toBe(1);
    await expect(count).rejects.toThrow('rejects');
    await expect(rejects.settled()).rejects.toThrow('rejects');
    await expect(rejects.leaveOut(relation.node, 'SELECT 1')).rejects.toThrow('rejects');
  });
});

test.each([
  ['few records', 20_000],
  ['none', 0],
])('with %s they wait', async (_, rows) => {
  expect((await told('csv', rows)).times).toBe(0);
});

test('a session that ends stops what goes on beside it, and waits for that', async () => {
  const own = await Session.open({ folders: [], memoryMegabytes: 512, threads: 2 });
  const endless = own.beside((on) => on.run('SELECT count(*) FROM range(100000000000) a, range(1000) b'));
  const stopped = expect(endless).rejects.toThrow(/interrupt/i);
  await own.end();
  await stopped;
});
