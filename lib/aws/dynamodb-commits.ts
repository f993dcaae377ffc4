import type { TableCommit } from '../runtime/ports/table-catalog.ts';
import { whileCompleting } from './dynamodb-completing.ts';
import { itemKeys } from './dynamodb-keys.ts';
import { asItem, type DynamodbTable } from './dynamodb-table.ts';

/** A commit that a run has begun, and what it has published where that is known to have succeeded. */
export interface BegunCommit {
  readonly done?: TableCommit;
}

/** Which runs publish in which tables, in the run table: each of them once, and none that was ended. */
export class DynamodbCommits {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async find(table: string, run: string): Promise<BegunCommit | undefined> {
    const item = await this.#table.get(itemKeys.commit(table, run));
    return item && { ...(item.done && { done: item.done as TableCommit }) };
  }

  /**
   * From here on the commit will be made, by whoever comes along: compensation undoes only runs that have begun none.
   * `already`: it was made before. `refused`: the run is not (any longer) one that may publish.
   */
  async begin(table: string, run: string): Promise<'begun' | 'already' | 'refused'> {
    const failed = await this.#table.transact([
      whileCompleting(this.#table, run),
      {
        Put: {
          TableName: this.#table.name,
          Item: asItem({ ...itemKeys.commit(table, run), table, run }),
          ConditionExpression: 'attribute_not_exists(done)',
        },
      },
    ]);
    if (failed.includes(1)) return 'already';
    return failed.includes(0) ? 'refused' : 'begun';
  }

  /** Writes down that the commit was made. */
  async end(done: TableCommit): Promise<void> {
    const { table, run } = done;
    await this.#table.put({ Item: asItem({ ...itemKeys.commit(table, run), table, run, done }) });
  }
}
