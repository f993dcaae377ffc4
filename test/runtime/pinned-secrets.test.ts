import { expect, test } from 'vitest';
import * as z from 'zod';
import { enrich, from, lake, mask, pipeline, s3 } from '../../lib/index.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import { work } from '../../lib/runtime/worker/work.ts';
import { enginePorts } from '../fixtures/assessed-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { scratch } from '../fixtures/engine/scratch.ts';
import { codeOf } from '../fixtures/replayed.ts';
import { chunkMessages, manual, stageInput } from '../fixtures/run-machine.ts';

const key = 'ssm:/mail-key';
const hashed = { mail: { method: 'hash', secret: key } } as const;

test('a key that is rotated in the middle of a run hashes all of the run, references included, as it was at its beginning', async () => {
  const visits = from(s3({ prefix: 'landing/visits/', format: 'csv' }), z.object({ mail: z.string() }));
  const tiers = from(s3({ key: 'reference/tiers.csv' }), z.object({ mail: z.string(), tier: z.string() }));
  const output = visits.pipe(
    mask(hashed),
    enrich({ with: tiers.pipe(mask(hashed)), on: 'mail = mail', take: ['tier'] }),
  );
  const code = await codeOf(
    pipeline('visits', { resources: { chunkBytes: 1 }, outputs: [output.to(lake({ table: 'visits' }))] }),
  );
  const ports = enginePorts();
  for (const file of ['a', 'b']) ports.objects.drop(`landing/visits/${file}.csv`, 'mail\nada@example.org\n');
  ports.objects.drop('reference/tiers.csv', 'mail,tier\nada@example.org,gold\n');
  const input = stageInput(code, manual());
  await initialize(ports, code, input);

  const keys = ['the first key, which is long', 'the second key, which is long', 'the third key, which is long'];
  ports.secrets.values[key] = keys[0]!;
  const extracted = await extract(ports, code, input);
  const messages = await chunkMessages(ports, input, extracted, 'process');
  expect(messages.map(({ item }) => item.secrets)).toEqual([{ [key]: 'version-0' }, { [key]: 'version-0' }]);
  for (const [index, message] of messages.entries()) {
    ports.secrets.values[key] = keys[index + 1]!;
    // Another attempt at Extract comes late, and finds what the first one has taken down.
    expect(await extract(ports, code, input)).toEqual(extracted);
    await work(ports, code, JSON.stringify(message));
  }
  expect([...ports.tasks.failed]).toEqual([]);

  const folder = scratch();
  const paths = ports.objects.keys('curated/visits/data/').map(async (name, index) => {
    await ports.objects.download({ key: name }, `${folder}/${index}.parquet`);
    return `'${folder}/${index}.parquet'`;
  });
  const rows = await query(
    `SELECT mail, tier, count(*)::INTEGER AS n FROM read_parquet([${(await Promise.all(paths)).join(', ')}], hive_partitioning = false) GROUP BY ALL`,
  );
  expect(rows).toEqual([{ mail: expect.stringMatching(/^[0-9a-f]{64}$/), tier: 'gold', n: 2 }]);
});
