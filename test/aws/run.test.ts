import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamodbRunStore } from '../../lib/aws/dynamodb-run-store.ts';
import { DynamodbTable } from '../../lib/aws/dynamodb-table.ts';
import { lakeTables } from '../../lib/aws/lake-tables.ts';
import { S3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import { createDynamodb } from '../../local/services/dynamodb/index.ts';
import { createGlue } from '../../local/services/glue/index.ts';
import { createS3 } from '../../local/services/s3/index.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runChunks, runToEnd, stageInput, tableRows } from '../fixtures/run-machine.ts';
import {
  bucket,
  createCatalog,
  createLake,
  createRunTable,
  database,
  type LocalAws,
  runTable,
  startLocalAws,
} from './local-aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws([createS3, createDynamodb, createGlue]);
  await createCatalog(aws);
  await createLake(aws);
  await createRunTable(aws);
  await drop('reference/cities.csv', 'Rome,1');
});
afterAll(() => aws.stop());

const drop = (Key: string, Body: string) => aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));

function awsPorts() {
  const table = new DynamodbTable(aws.dynamodb, runTable, aws.clock);
  const objects = new S3ObjectStore({ client: aws.s3, bucket, clock: aws.clock });
  return {
    ...memoryPorts(),
    objects,
    runs: new DynamodbRunStore(table),
    tables: lakeTables({ glue: aws.glue, database, objects, runTable: table }),
  };
}

test('runs end in their tables on S3 and DynamoDB as they do in memory', async () => {
  const ports = awsPorts();
  for (let file = 0; file < 6; file++)
    await drop(`landing/orders/${file} +ü.csv`, `Rome,${file + 1}\nOslo,${file + 11}\nbad`);
  const first = stageInput(pipeline, manual('first'));
  const { extracted } = await runToEnd(ports, pipeline, first);
  expect(extracted.solo).toBe(false);
  expect(await tableRows(ports, 'totals')).toEqual(['Oslo,81', 'Rome,21']);

  await drop('landing/orders/late.csv', 'Kiel,9');
  await runToEnd(ports, pipeline, stageInput(pipeline, manual('second')));
  expect(await tableRows(ports, 'orders')).toHaveLength(13);
  expect((await ports.runs.list({ pipeline: 'orders' })).runs.map(({ state }) => state)).toEqual([
    'Completed',
    'Completed',
  ]);

  await drop('landing/orders/lost.csv', 'Bonn,1');
  const third = stageInput(pipeline, manual('third'));
  await initialize(ports, pipeline, third);
  await runChunks(ports, pipeline, third, await extract(ports, pipeline, third));
  await compensate(ports, pipeline, { ...third, error: { Error: 'LedgerImbalanceError' }, state: 'Assess' });
  expect(await ports.runs.find(third.run)).toMatchObject({ state: 'Failed' });
  expect(await Array.fromAsync(ports.objects.list(`curated/orders/data/run=${third.run}/`))).toEqual([]);
  expect(await tableRows(ports, 'orders')).toHaveLength(13);
});
