import { jsonHttp } from '../../protocols/json.ts';
import type { Operation, ServiceFactory } from '../../service.ts';
import { Database } from './database.ts';
import { IdempotencyTokens } from './idempotency-tokens.ts';
import { batchGetItem } from './operations/batch-get-item.ts';
import { batchWriteItem } from './operations/batch-write-item.ts';
import { describeContinuousBackups, updateContinuousBackups } from './operations/continuous-backups.ts';
import { createTable } from './operations/create-table.ts';
import { readItem } from './operations/read-item.ts';
import { deleteTable, describeTable, listTables } from './operations/table-lifecycle.ts';
import { listTagsOfResource, tagResource, untagResource } from './operations/table-tags.ts';
import { transactGetItems } from './operations/transact-get-items.ts';
import { transactWriteItems } from './operations/transact-write-items.ts';
import { updateTable } from './operations/update-table.ts';
import { describeTimeToLive, updateTimeToLive } from './operations/update-time-to-live.ts';
import { writeItem } from './operations/write-item.ts';
import { dynamodbPermissions } from './permissions.ts';
import { streamOperations } from './streams/operations.ts';
import { Streams } from './streams/streams.ts';
import { withTableKeys } from './table-keys.ts';
import { Tables } from './tables.ts';
import { TimeToLive } from './time-to-live.ts';

const maxBodyBytes = 16 * 1024 * 1024;

/**
 * DynamoDB: dynalite's items, indexes and expressions behind a front that adds transactions, expiry, streams and settings.
 * Binary values are base64 text in what the operations answer; Buffers are taken too.
 */
export const createDynamodb: ServiceFactory = (cloud) => {
  const tables = new Tables(cloud);
  const database = new Database(cloud, tables);
  const expiry = new TimeToLive(database, cloud.clock);
  const tokens = new IdempotencyTokens(database.level, cloud.clock);
  const streams = new Streams(cloud, database.level, tables);
  database.addHook(streams);
  database.addHook(expiry);
  const operations: Record<string, Operation> = {
    CreateTable: createTable(cloud, database, streams),
    UpdateTable: updateTable(cloud, database, streams),
    DescribeTable: describeTable(database),
    DeleteTable: deleteTable(database, (table) => {
      expiry.forget(table.TableName);
      streams.end(table.LatestStreamArn);
    }),
    ListTables: listTables(database),
    UpdateTimeToLive: updateTimeToLive(tables, expiry),
    DescribeTimeToLive: describeTimeToLive(tables),
    UpdateContinuousBackups: updateContinuousBackups(tables, cloud.clock),
    DescribeContinuousBackups: describeContinuousBackups(tables, cloud.clock),
    TagResource: tagResource(tables),
    UntagResource: untagResource(tables),
    ListTagsOfResource: listTagsOfResource(tables),
    PutItem: writeItem(database, 'putItem'),
    UpdateItem: writeItem(database, 'updateItem'),
    DeleteItem: writeItem(database, 'deleteItem'),
    BatchWriteItem: batchWriteItem(database),
    TransactWriteItems: transactWriteItems(database, tokens),
    GetItem: readItem(database, 'getItem'),
    Query: readItem(database, 'query'),
    Scan: readItem(database, 'scan'),
    BatchGetItem: batchGetItem(database),
    TransactGetItems: transactGetItems(database),
    ...streamOperations(cloud, streams),
  };
  return {
    name: 'dynamodb',
    operations: withTableKeys(cloud, tables, operations),
    permissions: (operation, input) => dynamodbPermissions(tables, operation, input),
    http: jsonHttp(cloud, 'dynamodb', {
      version: '1.0',
      errorNamespace: 'com.amazonaws.dynamodb.v20120810#',
      maxBodyBytes,
    }),
    async start() {
      await tokens.start();
      await streams.start();
      await expiry.start();
    },
    async close() {
      await expiry.close();
      await database.level.close();
    },
  };
};
