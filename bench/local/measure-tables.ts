import { compare, type Row } from './row.ts';
import { send, sendAll } from './send.ts';
import { jsonRequest } from './signed-request.ts';
import { startEndpoint } from './start-endpoint.ts';

const items = 2_000;
const atOnce = 8;

type Go = Readonly<Record<'put' | 'get' | 'update', number>>;

/** Items of about 400 bytes, eight requests at once, on local DynamoDB and on dynalite as it is. */
export async function measureTables(repeat: number): Promise<Row[]> {
  const cloud = await startEndpoint('cloud');
  const dynalite = await startEndpoint('dynalite');
  const goes: { penstock: Go[]; peer: Go[] } = { penstock: [], peer: [] };
  try {
    for (const { url } of [cloud, dynalite]) await createTable(url);
    for (let round = 0; round <= repeat; round++) {
      for (const [contender, { url }] of [
        ['penstock', cloud],
        ['peer', dynalite],
      ] as const) {
        const go = await goOf(url, round);
        if (round > 0) goes[contender].push(go);
      }
    }
  } finally {
    await Promise.all([cloud.close(), dynalite.close()]);
  }
  const peer = { peer: 'dynalite 4.0.0' };
  return [
    compare('DynamoDB PutItem, 8 at once', 'ops/s', goes, (go) => go.put, peer),
    compare('DynamoDB GetItem, 8 at once', 'ops/s', goes, (go) => go.get, peer),
    compare('DynamoDB conditional UpdateItem, 8 at once', 'ops/s', goes, (go) => go.update, peer),
  ];
}

async function createTable(url: string): Promise<void> {
  const input = {
    TableName: 'bench',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  };
  await send(await jsonRequest(url, 'dynamodb', 'CreateTable', input));
  // Dynalite answers before the table is there.
  for (let status = ''; status !== 'ACTIVE'; ) {
    const described = await send(await jsonRequest(url, 'dynamodb', 'DescribeTable', { TableName: 'bench' }));
    status = JSON.parse(described.toString('utf8')).Table.TableStatus;
  }
}

async function goOf(url: string, round: number): Promise<Go> {
  const TableName = 'bench';
  const timed = async (operation: string, inputOf: (key: object) => object) => {
    const requests = Array.from({ length: items }, (_, n) => {
      const input = { TableName, ...inputOf({ id: { S: `${round}/${n}` } }) };
      return jsonRequest(url, 'dynamodb', operation, input);
    });
    return items / (await sendAll(await Promise.all(requests), atOnce));
  };
  return {
    put: await timed('PutItem', (key) => ({ Item: { ...key, text: { S: 'x'.repeat(350) }, state: { S: 'new' } } })),
    get: await timed('GetItem', (Key) => ({ Key, ConsistentRead: true })),
    update: await timed('UpdateItem', (Key) => ({
      Key,
      UpdateExpression: 'SET #s = :done',
      ConditionExpression: '#s = :new',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':done': { S: 'done' }, ':new': { S: 'new' } },
    })),
  };
}
