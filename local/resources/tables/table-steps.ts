import type { Provisioned, ResourceContext } from '../../provisioning/resource-type.ts';
import type { Value } from '../../provisioning/shape.ts';
import type { replicaShape, tableShape, throughputShape } from './table-shape.ts';

/** A table as both resource types bring it here: global tables with the settings of their one replica. */
export type TableProperties = Omit<Value<typeof tableShape>, 'StreamSpecification'> &
  Value<typeof replicaShape> & {
    readonly StreamViewType?: string;
    readonly GlobalSecondaryIndexes?: readonly {
      readonly IndexName?: string;
      readonly ProvisionedThroughput?: Throughput;
    }[];
    readonly ProvisionedThroughput?: Throughput;
    readonly SSESpecification?: {
      readonly Enabled?: boolean;
      readonly SSEType?: string;
      readonly KMSMasterKeyId?: string;
    };
  };
type Throughput = Value<typeof throughputShape>;

/** Creates the table and sets what CreateTable itself does not take. */
export async function createTable(table: TableProperties, context: ResourceContext): Promise<Provisioned> {
  const TableName = context.name(table.TableName, { maxLength: 255 });
  const { PointInTimeRecoverySpecification, TimeToLiveSpecification, StreamViewType, ...input } = table;
  const { TableDescription } = await context.call('dynamodb', 'CreateTable', {
    ...input,
    TableName,
    ...(StreamViewType && { StreamSpecification: { StreamEnabled: true, StreamViewType } }),
  });
  if (TimeToLiveSpecification?.Enabled)
    await context.call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification });
  if (PointInTimeRecoverySpecification) {
    await context.call('dynamodb', 'UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification });
  }
  return provisioned(TableDescription);
}

/** Brings an existing table to new properties; indexes one at a time, as DynamoDB demands. */
export async function updateTable(
  table: TableProperties,
  context: ResourceContext,
  TableName: string,
  before: TableProperties,
): Promise<Provisioned> {
  const changed = (name: keyof TableProperties) => JSON.stringify(table[name]) !== JSON.stringify(before[name]);
  const update = (input: object) => context.call('dynamodb', 'UpdateTable', { TableName, ...input });

  if (changed('BillingMode') || changed('ProvisionedThroughput')) {
    await update({
      BillingMode: table.BillingMode ?? 'PROVISIONED',
      ProvisionedThroughput: table.ProvisionedThroughput,
    });
  }
  if (changed('TableClass')) await update({ TableClass: table.TableClass ?? 'STANDARD' });
  if (changed('DeletionProtectionEnabled'))
    await update({ DeletionProtectionEnabled: table.DeletionProtectionEnabled ?? false });
  if (changed('SSESpecification')) await update({ SSESpecification: table.SSESpecification ?? { Enabled: false } });
  if (changed('StreamViewType')) {
    // A stream's view cannot be changed: the old stream ends and another begins.
    if (before.StreamViewType) await update({ StreamSpecification: { StreamEnabled: false } });
    if (table.StreamViewType)
      await update({ StreamSpecification: { StreamEnabled: true, StreamViewType: table.StreamViewType } });
  }
  for (const change of indexChanges(table, before)) {
    await update({ AttributeDefinitions: table.AttributeDefinitions, GlobalSecondaryIndexUpdates: [change] });
  }
  if (changed('TimeToLiveSpecification')) {
    const { TimeToLiveSpecification: was } = before;
    const { TimeToLiveSpecification: now } = table;
    if (was?.Enabled)
      await context.call('dynamodb', 'UpdateTimeToLive', {
        TableName,
        TimeToLiveSpecification: { ...was, Enabled: false },
      });
    if (now?.Enabled) await context.call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification: now });
  }
  if (changed('PointInTimeRecoverySpecification')) {
    const PointInTimeRecoverySpecification = table.PointInTimeRecoverySpecification ?? {
      PointInTimeRecoveryEnabled: false,
    };
    await context.call('dynamodb', 'UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification });
  }
  const { Table } = await context.call('dynamodb', 'DescribeTable', { TableName });
  return provisioned(Table);
}

export async function deleteTable(TableName: string, context: ResourceContext): Promise<void> {
  await context.attempt(['ResourceNotFoundException'], 'dynamodb', 'DeleteTable', { TableName });
}

function indexChanges(table: TableProperties, before: TableProperties): object[] {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  const old = before.GlobalSecondaryIndexes ?? [];
  const same = (one: object, other: object | undefined) => JSON.stringify(one) === JSON.stringify(other);
  const find = (list: typeof indexes, name?: string) => list.find(({ IndexName }) => IndexName === name);
  const removed = old.filter((one) => !same(one, find(indexes, one.IndexName)));
  const added = indexes.filter((one) => !same(one, find(old, one.IndexName)));
  return [...removed.map(({ IndexName }) => ({ Delete: { IndexName } })), ...added.map((one) => ({ Create: one }))];
}

function provisioned(description: any): Provisioned {
  const { TableName, TableArn, TableId, LatestStreamArn } = description;
  return {
    physicalId: TableName,
    attributes: { Arn: TableArn, TableId, ...(LatestStreamArn && { StreamArn: LatestStreamArn }) },
  };
}
