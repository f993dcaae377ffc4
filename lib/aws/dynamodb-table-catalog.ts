import type { CommitOutcome, TableCatalog, TableCommit, TablePointer } from '../runtime/ports/table-catalog.ts';
import { whileCompleting } from './dynamodb-completing.ts';
import { indexPartitions, itemKeys } from './dynamodb-keys.ts';
import { type Attributes, asItem, type DynamodbTable, type Item } from './dynamodb-table.ts';

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

  async version(table: string): Promise<number> {
    return (await this.pointer(table)).version;
  }

  async commitOf(table: string, run: string): Promise<TableCommit | undefined> {
    const item = await this.#table.get(itemKeys.commit(table, run));
    return item && withoutKeys<TableCommit>(item);
  }

  async begun(table: string, run: string): Promise<boolean> {
    return (await this.#table.get(itemKeys.commit(table, run))) !== undefined;
  }

  async commit(next: TableCommit): Promise<CommitOutcome> {
    const parts = [whileCompleting(this.#table, next.run), this.#firstCommitOfRun(next), this.#movePointer(next)];
    const failed = await this.#table.transact(parts);
    if (failed.includes(1)) return 'already';
    if (failed.includes(0)) return 'refused';
    return failed.length > 0 ? 'conflict' : 'committed';
  }

  async compact(next: TableCommit): Promise<'committed' | 'conflict'> {
    const failed = await this.#table.transact([this.#movePointer(next)]);
    return failed.length > 0 ? 'conflict' : 'committed';
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

function withoutKeys<Value>({ pk, sk, gsiPk, gsiSk, ...rest }: Attributes): Value {
  return rest as Value;
}
