import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/states/json.ts';
import { run } from './run-definition.ts';

let rows: Buffer;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parquet-test-'));
  try {
    const path = join(folder, 'rows.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `COPY (SELECT * FROM (VALUES (1::BIGINT, 'a', [1, 2]), (2, NULL, [])) AS rows(id, name, list)) TO '${path}'`,
    );
    connection.disconnectSync();
    rows = readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const items = [
  { id: 1, name: 'a', list: [1, 2] },
  { id: 2, name: null, list: [] },
];

/** What a distributed Map makes of the object `items` in the bucket `b`. */
async function mapped(ReaderConfig: JsonObject, objects: [string, Buffer | string][]) {
  const ItemReader = {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig,
    Parameters: { Bucket: 'b', Key: 'items' },
  };
  const ItemProcessor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'One',
    States: { One: { Type: 'Pass', End: true } },
  };
  const States = { Each: { Type: 'Map', ItemReader, ItemProcessor, End: true } };
  return (await run({ StartAt: 'Each', States }, {}, { objects: new Map(objects) })).output;
}

it('reads the rows of a Parquet file as objects', async () => {
  expect(await mapped({ InputType: 'PARQUET' }, [['b/items', rows]])).toEqual(items);
});

it('reads those of every Parquet file in a manifest of Athena’s, or of an inventory', async () => {
  const manifest = '"s3://b/1.parquet"\ns3://b/2.parquet\n';
  const files: [string, Buffer][] = [
    ['b/1.parquet', rows],
    ['b/2.parquet', rows],
  ];
  const athena = { InputType: 'PARQUET', ManifestType: 'ATHENA_DATA' };
  expect(await mapped(athena, [['b/items', manifest], ...files])).toEqual([...items, ...items]);
  const inventory = {
    destinationBucket: 'arn:aws:s3:::b',
    fileFormat: 'Parquet',
    fileSchema: 'message s3.inventory {}',
    files: [{ key: '2.parquet' }],
  };
  const config = { InputType: 'MANIFEST', ManifestType: 'S3_INVENTORY' };
  expect(await mapped(config, [['b/items', JSON.stringify(inventory)], ...files])).toEqual(items);
});

it('tells of bytes that are no Parquet', async () => {
  expect(await mapped({ InputType: 'PARQUET' }, [['b/items', 'no']])).toMatchObject({
    error: 'States.ItemReaderFailed',
  });
});
