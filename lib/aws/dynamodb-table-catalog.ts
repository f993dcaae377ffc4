import { TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { CommitOutcome, TableCatalog, TableCommit, TablePointer } from '../runtime/ports/table-catalog.ts';
import { indexPartitions, itemKeys } from './dynamodb-keys.ts';
import { type Attributes, asItem, type DynamodbTable, type Item } from './dynamodb-table.ts';
import { translateFailure } from './translate-failure.ts';

/**
 * Table pointers in the run table. A commit is one transaction of three parts: the run may publish, the run has not
 * published here yet, and the pointer still stands where it stood when the version was made.
 */
export class DynamodbTableCatalog implements TableCatalog {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async pointer(table: string): Promise<TablePointer> {
    const item = await this.#table.get(itemKeys.pointer(table));
    return item ? withoutKeys<TablePointer>(item) : { table, version: 0, rows: 0, bytes: 0, files: 0 };
  }

  async commitOf(table: string, run: string): Promise<TableCommit | undefined> {
    const item = await this.#table.get(itemKeys.commit(table, run));
    return item && withoutKeys<TableCommit>(item);
  }

  async commit(next: TableCommit): Promise<CommitOutcome> {
    const command = new TransactWriteItemsCommand({
      TransactItems: [this.#runMayPublish(next), this.#firstCommitOfRun(next), this.#movePointer(next)],
    });
    return translateFailure('dynamodb:TransactWriteItems', async () => {
      try {
        await this.#table.client.send(command);
        return 'committed';
      } catch (error) {
        if (error instanceof TransactionCanceledException) return outcomeOf(error);
        throw error;
      }
    });
  }

  async tables(): Promise<readonly TablePointer[]> {
    const tables: TablePointer[] = [];
    let start: Item | undefined;
    do {
      const { items, next } = await this.#table.page({
        IndexName: 'byTime',
        KeyConditionExpression: 'gsiPk = :pk',
        ExpressionAttributeValues: asItem({ ':pk': indexPartitions.tables }),
        ExclusiveStartKey: start,
      });
      tables.push(...items.map((item) => withoutKeys<TablePointer>(item)));
      start = next;
    } while (start);
    return tables;
  }

  #runMayPublish({ run }: TableCommit) {
    return {
      ConditionCheck: {
        TableName: this.#table.name,
        Key: asItem(itemKeys.run(run)),
        ConditionExpression: '#state = :running AND #phase = :completing',
        ExpressionAttributeNames: { '#state': 'state', '#phase': 'phase' },
        ExpressionAttributeValues: asItem({ ':running': 'Running', ':completing': 'Completing' }),
      },
    };
  }

  #firstCommitOfRun(next: TableCommit) {
    return {
      Put: {
        TableName: this.#table.name,
        Item: asItem({ ...itemKeys.commit(next.table, next.run), ...next }),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    };
  }

  #movePointer(next: TableCommit) {
    return {
      Put: {
        TableName: this.#table.name,
        Item: asItem({ ...itemKeys.pointer(next.table), gsiPk: indexPartitions.tables, gsiSk: next.table, ...next }),
        ConditionExpression: next.version === 1 ? 'attribute_not_exists(pk)' : '#version = :before',
        ...(next.version > 1 && {
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: asItem({ ':before': next.version - 1 }),
        }),
      },
    };
  }
}

/** Reasons come in the order of the transaction's parts; another transaction on the same items is a lost race, too. */
function outcomeOf(cancelled: TransactionCanceledException): CommitOutcome {
  const codes = (cancelled.CancellationReasons ?? []).map(({ Code }) => Code);
  const failed = (part: number) => codes[part] === 'ConditionalCheckFailed';
  if (failed(1)) return 'already';
  if (failed(0)) return 'refused';
  if (failed(2) || codes.includes('TransactionConflict')) return 'conflict';
  throw cancelled;
}

function withoutKeys<Value>({ pk, sk, gsiPk, gsiSk, ...rest }: Attributes): Value {
  return rest as Value;
}
