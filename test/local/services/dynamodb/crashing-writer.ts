/** A process that writes without end and tells what was acknowledged, until it is killed. Its argument is the data folder. */
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/authorizer.ts';
import { createDynamodb } from '../../../../local/services/dynamodb/index.ts';

const cloud = await LocalCloud.start({ services: [createDynamodb], dataFolder: process.argv[2] });
const call = (operation: string, input: object) => cloud.call('dynamodb', operation, input, root(cloud.accountId));

await call('CreateTable', {
  TableName: 'ledger',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'group', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-group',
      KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
});

for (let n = 0; ; n++) {
  const put = (side: string) => ({
    Put: { TableName: 'ledger', Item: { id: { S: `${n}-${side}` }, group: { S: 'all' } } },
  });
  await call('TransactWriteItems', { TransactItems: [put('debit'), put('credit')] });
  process.stdout.write(`${n}\n`);
}
