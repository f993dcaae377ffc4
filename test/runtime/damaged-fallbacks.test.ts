import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { from, join, lake, pipeline, s3 } from '../../lib/index.ts';
import { assess } from '../../lib/runtime/assess/assess.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { codeOf, publishedRows } from '../fixtures/replayed.ts';
import { manual, runChunks, stageInput } from '../fixtures/run-machine.ts';

type Fallback = NonNullable<Parameters<typeof from>[2]>['fallback'];

const key = 'reference/cities.csv.gz';
const cities = gzipSync('city,country\nRome,it\nOslo,no\n');
let ports: EnginePorts;
beforeEach(() => {
  ports = enginePorts();
});

/** A run as the machine drives it, over orders that are joined with cities: these are read by workers, in chunks. */
async function run(fallback: Fallback, name: string) {
  const own = { fallback };
  const places = from(s3({ key, format: 'csv' }), z.object({ city: z.string(), country: z.string() }), own);
  const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), z.object({ id: z.int(), city: z.string() }));
  const joined = orders.pipe(join({ with: places, on: 'city = city', how: 'left', take: ['country'] }));
  const code = await codeOf(
    pipeline('orders', { gate: { pass: 0, review: 0 }, outputs: [joined.to(lake({ table: 'orders' }))] }),
  );
  ports.objects.drop(`landing/orders/${name}.csv`, 'id,city\n1,Rome\n2,Oslo\n');
  const input = stageInput(code, manual(name));
  await initialize(ports, code, input);
  let failure: unknown;
  const extracted = await extract(ports, code, input).catch((error) => {
    failure = error;
    return extract(ports, code, { ...input, fallback: true });
  });
  await runChunks(ports, code, input, extracted);
  await assess(ports, code, input);
  await publish(ports, code, input);
  await commit(ports, code, input);
  const rows = (await publishedRows(ports, 'orders')).map((row) => JSON.parse(row).country);
  return { failure, rows, record: (await ports.runs.find(input.run))!, run: input.run };
}

const cutShort = () => ports.objects.drop(key, cities.subarray(0, -9));

test('files that are whole are read, and nothing is said', async () => {
  ports.objects.drop(key, cities);
  const { failure, rows, record } = await run('empty', 'whole');
  expect([failure, record.fallbacks, rows.sort()]).toEqual([undefined, undefined, ['it', 'no']]);
});

test('nothing stands in for a file that was cut short, where that is asked for', async () => {
  cutShort();
  const { failure, rows, record } = await run('empty', 'cut');
  expect(failure).toMatchObject({ name: 'InputMalformedError', received: key });
  expect(rows).toEqual([null, null]);
  expect(record.fallbacks).toMatchObject([{ used: 'empty', files: 0, error: 'InputMalformedError' }]);
});

test('the last good copy stands in for a file that was cut short', async () => {
  ports.objects.drop(key, cities);
  const good = await run('last-good', 'good');
  cutShort();
  const { rows, record } = await run('last-good', 'cut');
  expect(rows.sort()).toEqual(['it', 'it', 'no', 'no']);
  expect(record.fallbacks).toMatchObject([{ used: 'last-good', run: good.run, error: 'InputMalformedError' }]);
});

test('another source stands in for a file that was cut short', async () => {
  cutShort();
  ports.objects.drop('reference/copy.csv', 'city,country\nRome,old\n');
  const { rows, record } = await run({ source: s3({ key: 'reference/copy.csv', format: 'csv' }) }, 'other');
  expect(rows).toEqual(expect.arrayContaining(['old', null]));
  expect(record.fallbacks).toMatchObject([{ used: 'source', component: 's3', files: 1 }]);
});
