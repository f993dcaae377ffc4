import { NotSupportedError } from '../../../aws-error.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { type Database, indexPrefix, itemName } from '../database.ts';
import { dynaliteDb } from '../dynalite.ts';
import { validation } from '../failure.ts';
import { checkedRequest } from '../request.ts';
import { shownTable } from '../shown-table.ts';
import { checkedStream, newStreamArn } from '../stream-setting.ts';
import type { Streams } from '../streams/streams.ts';
import { type TableDescription, tableName } from '../tables.ts';
import { encryption } from './create-table.ts';

const members = [
  ...['TableName', 'AttributeDefinitions', 'BillingMode', 'ProvisionedThroughput', 'GlobalSecondaryIndexUpdates'],
  ...['StreamSpecification', 'SSESpecification', 'TableClass', 'DeletionProtectionEnabled'],
];

/** UpdateTable: what it changes holds when it returns; a new index has its entries by then. */
export function updateTable(cloud: Cloud, database: Database, streams: Streams): Operation {
  return async (input) => {
    for (const member of Object.keys(input)) {
      if (input[member] != null && !members.includes(member))
        throw new NotSupportedError(`dynamodb:updateTable with ${member}`);
    }
    const name = tableName(input.TableName);
    const table = database.tables.get(name);
    const before = table.description;
    if (
      Object.keys(input).every(
        (member) => member === 'TableName' || member === 'AttributeDefinitions' || input[member] == null,
      )
    ) {
      throw validation(
        'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
      );
    }
    const changed: TableDescription = {
      ...before,
      ...billing(input, before, cloud),
      ...streaming(input, before, cloud),
      ...(input.TableClass && { TableClassSummary: { TableClass: input.TableClass } }),
      ...(input.DeletionProtectionEnabled != null && { DeletionProtectionEnabled: input.DeletionProtectionEnabled }),
      ...(input.SSESpecification && {
        SSEDescription: input.SSESpecification.Enabled ? encryption(input.SSESpecification, cloud) : undefined,
      }),
    };
    const { description, created, deleted } = indexChanges(input, changed);
    database.tables.set({ ...table, description });
    if (before.LatestStreamArn && !description.StreamSpecification) streams.end(before.LatestStreamArn);
    if (description.StreamSpecification && !before.StreamSpecification) streams.begin(description);
    if (deleted) await database.clearIndex(name, deleted);
    if (created) await fillIndex(database, name, created);
    return { TableDescription: shownTable(description) };
  };
}

function billing(input: any, before: TableDescription, cloud: Cloud): Partial<TableDescription> {
  const now = cloud.clock.now() / 1000;
  const onDemand = before.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const wanted = input.BillingMode ?? (onDemand ? 'PAY_PER_REQUEST' : 'PROVISIONED');
  if (wanted === 'PAY_PER_REQUEST') {
    if (input.ProvisionedThroughput) {
      throw validation(
        'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
    }
    if (onDemand) return {};
    return {
      BillingModeSummary: { BillingMode: wanted, LastUpdateToPayPerRequestDateTime: now },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
    };
  }
  if (!input.ProvisionedThroughput) {
    if (!onDemand) return {};
    throw validation(
      'One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED',
    );
  }
  return {
    BillingModeSummary: { BillingMode: wanted },
    ProvisionedThroughput: { ...input.ProvisionedThroughput, NumberOfDecreasesToday: 0, LastIncreaseDateTime: now },
  };
}

function streaming(input: any, before: TableDescription, cloud: Cloud): Partial<TableDescription> {
  if (!input.StreamSpecification) return {};
  const stream = checkedStream(input.StreamSpecification);
  if (!stream) {
    if (!before.StreamSpecification) throw validation('Table already has a stream disabled');
    return { StreamSpecification: undefined };
  }
  if (before.StreamSpecification) throw validation('Table already has an enabled stream');
  return { StreamSpecification: stream, ...newStreamArn(before.TableArn, cloud.clock) };
}

/** The description with its indexes changed, and the names of the one that came or went. */
function indexChanges(input: any, table: TableDescription) {
  const updates: any[] = input.GlobalSecondaryIndexUpdates ?? [];
  const creates = updates.filter(({ Create }) => Create);
  const deletes = updates.filter(({ Delete }) => Delete);
  if (creates.length + deletes.length > 1)
    throw validation('Only 1 online index can be created or deleted simultaneously per table');
  let indexes: any[] = [...(table.GlobalSecondaryIndexes ?? [])];
  for (const { Update } of updates.filter((update) => update.Update)) {
    if (!indexes.some(({ IndexName }) => IndexName === Update.IndexName)) throw noIndex(Update.IndexName);
    indexes = indexes.map((index) =>
      index.IndexName === Update.IndexName
        ? { ...index, ProvisionedThroughput: { ...Update.ProvisionedThroughput, NumberOfDecreasesToday: 0 } }
        : index,
    );
  }
  const deleted: string | undefined = deletes[0]?.Delete.IndexName;
  if (deleted !== undefined) {
    if (!indexes.some(({ IndexName }) => IndexName === deleted)) throw noIndex(deleted);
    indexes = indexes.filter(({ IndexName }) => IndexName !== deleted);
  }
  const created: any = creates[0]?.Create;
  const AttributeDefinitions = input.AttributeDefinitions ?? table.AttributeDefinitions;
  if (created) {
    if (indexes.some(({ IndexName }) => IndexName === created.IndexName)) {
      throw validation(`Attempting to create an index which already exists: ${created.IndexName}`);
    }
    checkIndex(created, table, AttributeDefinitions);
    const { KeySchema, IndexName, Projection, ProvisionedThroughput } = created;
    indexes.push({
      IndexName,
      KeySchema,
      Projection,
      IndexStatus: 'ACTIVE',
      IndexSizeBytes: 0,
      ItemCount: 0,
      IndexArn: `${table.TableArn}/index/${IndexName}`,
      ProvisionedThroughput: {
        ...(ProvisionedThroughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 }),
        NumberOfDecreasesToday: 0,
      },
    });
  }
  const used = new Set(
    [table, ...indexes, ...(table.LocalSecondaryIndexes ?? [])].flatMap(({ KeySchema }) =>
      KeySchema.map((key: any) => key.AttributeName),
    ),
  );
  const description: TableDescription = {
    ...table,
    AttributeDefinitions: AttributeDefinitions.filter(({ AttributeName }: any) => used.has(AttributeName)),
    GlobalSecondaryIndexes: indexes.length > 0 ? indexes : undefined,
  };
  return { description, created: created?.IndexName as string | undefined, deleted };
}

/** By the rules of CreateTable, as if the table were made with this index alone. */
function checkIndex(index: any, table: TableDescription, definitions: readonly any[]): void {
  const used = new Set([...table.KeySchema, ...(index.KeySchema ?? [])].map(({ AttributeName }) => AttributeName));
  const onDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const capacity = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
  checkedRequest('createTable', {
    TableName: table.TableName,
    KeySchema: table.KeySchema,
    AttributeDefinitions: definitions.filter(({ AttributeName }) => used.has(AttributeName)),
    GlobalSecondaryIndexes: [index],
    ...(onDemand ? { BillingMode: 'PAY_PER_REQUEST' } : { ProvisionedThroughput: capacity }),
  });
}

/** Every item is entered under its own lock, so that none is entered as it was before a write that came between. */
async function fillIndex(database: Database, table: string, index: string): Promise<void> {
  for await (const [key] of database.items(table)) {
    await database.write([itemName(table, key)], async (writes) => {
      const description = database.tables.find(table)?.description;
      const item = await writes.before(table, key);
      const found = description?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index);
      if (!item || !description || !found) return;
      for (const entry of dynaliteDb.getIndexActions([found], undefined, item, description).puts) {
        writes.add({ type: 'put', key: indexPrefix('global', table, index) + entry.key, value: entry.item });
      }
    });
  }
}

const noIndex = (name: string) => validation(`The table does not have the specified index: ${name}`);
