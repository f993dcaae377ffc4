import type { World } from './world.ts';

/** Longer than services remember what they have seen: tokens, records of streams, messages that are invisible. */
const betweenHistoriesMilliseconds = 25 * 3600 * 1000;

/** Of items in one request. */
const mostDeletions = 25;

/** Takes everything away that a history has left, so that the next one begins as the first one did. */
export async function resetWorld(world: World): Promise<void> {
  // In the next history it would write for runs of this one.
  world.environments.reset();
  await world.letPass(betweenHistoriesMilliseconds);
  world.environments.log.length = 0;
  await emptyBucket(world);
  await emptyTable(world);
  await emptyCatalog(world);
  await emptyQueues(world);
  world.view.forgetHistory();
}

async function emptyBucket(world: World): Promise<void> {
  const Bucket = world.lake;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await world.look('s3', 'ListObjectVersions', { Bucket });
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    await world.look('s3', 'DeleteObjects', { Bucket, Delete: { Objects } });
  }
}

async function emptyTable(world: World): Promise<void> {
  const TableName = world.output('RunTableName');
  const { Items } = await world.look('dynamodb', 'Scan', { TableName });
  const requests = Items.map(({ pk, sk }: any) => ({ DeleteRequest: { Key: { pk, sk } } }));
  for (let from = 0; from < requests.length; from += mostDeletions) {
    const RequestItems = { [TableName]: requests.slice(from, from + mostDeletions) };
    await world.look('dynamodb', 'BatchWriteItem', { RequestItems });
  }
}

async function emptyCatalog(world: World): Promise<void> {
  const DatabaseName = world.output('CatalogName');
  const { TableList } = await world.look('glue', 'GetTables', { DatabaseName });
  for (const { Name } of TableList) await world.look('glue', 'DeleteTable', { DatabaseName, Name });
}

/** What was given up is in dead-letter queues; the others are empty at the end of a history. */
async function emptyQueues(world: World): Promise<void> {
  for (const [name, messages] of world.view.messages()) {
    const QueueUrl = `${world.cloud.endpoint}/${world.cloud.accountId}/${name}`;
    if (messages.length > 0) await world.look('sqs', 'PurgeQueue', { QueueUrl });
  }
}
