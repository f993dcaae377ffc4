import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import type { Cloud, Operation } from '../../../service.ts';
import type { Database } from '../database.ts';
import { validation } from '../failure.ts';
import { checkedRequest } from '../request.ts';
import { shownTable } from '../shown-table.ts';
import { checkedStream, newStreamArn } from '../stream-setting.ts';
import type { Streams } from '../streams/streams.ts';
import { tagsOf } from '../tags.ts';

const handled = ['StreamSpecification', 'SSESpecification', 'Tags', 'TableClass', 'DeletionProtectionEnabled'];

/** CreateTable: the table is ACTIVE at once. */
export function createTable(cloud: Cloud, database: Database, streams: Streams): Operation {
  return async (input) => {
    const data = checkedRequest('createTable', input, handled);
    const { tables } = database;
    const stream = checkedStream(input.StreamSpecification);
    if (
      input.TableClass != null &&
      input.TableClass !== 'STANDARD' &&
      input.TableClass !== 'STANDARD_INFREQUENT_ACCESS'
    ) {
      throw validation(
        `1 validation error detected: Value '${input.TableClass}' at 'tableClass' failed to satisfy constraint: ` +
          'Member must satisfy enum value set: [STANDARD, STANDARD_INFREQUENT_ACCESS]',
      );
    }
    const tags = tagsOf(input.Tags);
    if (tables.has(data.TableName))
      throw new AwsError('ResourceInUseException', `Table already exists: ${data.TableName}`);
    const now = cloud.clock.now() / 1000;
    const onDemand = data.BillingMode === 'PAY_PER_REQUEST';
    const arn = tables.arn(data.TableName);
    const index = (status: object) => (given: any) => ({
      ...given,
      ...status,
      IndexSizeBytes: 0,
      ItemCount: 0,
      IndexArn: `${arn}/index/${given.IndexName}`,
    });
    const throughput = (given: any) => ({
      ...(given ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 }),
      NumberOfDecreasesToday: 0,
    });
    const description = {
      TableName: data.TableName,
      TableArn: arn,
      TableId: randomUUID(),
      TableStatus: 'ACTIVE',
      CreationDateTime: now,
      KeySchema: data.KeySchema,
      AttributeDefinitions: data.AttributeDefinitions,
      ProvisionedThroughput: throughput(data.ProvisionedThroughput),
      ...(onDemand && {
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: now },
      }),
      ...(data.LocalSecondaryIndexes && { LocalSecondaryIndexes: data.LocalSecondaryIndexes.map(index({})) }),
      ...(data.GlobalSecondaryIndexes && {
        GlobalSecondaryIndexes: data.GlobalSecondaryIndexes.map((given: any) =>
          index({ IndexStatus: 'ACTIVE', ProvisionedThroughput: throughput(given.ProvisionedThroughput) })(given),
        ),
      }),
      ...(stream && { StreamSpecification: stream, ...newStreamArn(arn, cloud.clock) }),
      ...(input.SSESpecification?.Enabled && { SSEDescription: encryption(input.SSESpecification, cloud) }),
      ...(input.TableClass && { TableClassSummary: { TableClass: input.TableClass } }),
      DeletionProtectionEnabled: input.DeletionProtectionEnabled === true,
    };
    // Whatever an interrupted DeleteTable of the same name has left must not come back.
    await database.clear(description);
    if (tables.has(data.TableName))
      throw new AwsError('ResourceInUseException', `Table already exists: ${data.TableName}`);
    tables.set({ description, tags, recovery: { enabled: false } });
    streams.begin(description);
    return { TableDescription: shownTable(description) };
  };
}

/** Items are not encrypted on this machine; the setting is kept and shown. */
export function encryption(specification: any, cloud: Pick<Cloud, 'region' | 'accountId'>) {
  const key = specification.KMSMasterKeyId ?? `arn:aws:kms:${cloud.region}:${cloud.accountId}:alias/aws/dynamodb`;
  return { Status: 'ENABLED', SSEType: specification.SSEType ?? 'KMS', KMSMasterKeyArn: key };
}
