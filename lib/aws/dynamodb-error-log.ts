import { inOrder } from '../runtime/error-log/failure-patterns.ts';
import type { ErrorLog, FailureNote, FailurePattern } from '../runtime/ports/error-log.ts';
import { itemKeys, patternPrefix } from './dynamodb-keys.ts';
import { type Attributes, asItem, type DynamodbTable } from './dynamodb-table.ts';

/** The error log in the run table: an item for each pattern, and in a partition of its own one for each of its failures. */
export class DynamodbErrorLog implements ErrorLog {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async note(note: FailureNote): Promise<void> {
    const { fingerprint, pipeline, error, kind, state } = note;
    const TableName = this.#table.name;
    const common = { fingerprint, pipeline, error, kind, state };
    const names = Object.keys(common);
    // The count goes up with the note: who tells of it again finds that.
    await this.#table.transact([
      {
        Put: {
          TableName,
          Item: asItem({ ...itemKeys.failureNote(note), ...note }),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      {
        Update: {
          TableName,
          Key: asItem(itemKeys.pattern(fingerprint)),
          UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')} ADD #count :one`,
          ExpressionAttributeNames: {
            '#count': 'count',
            ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: asItem({
            ':one': 1,
            ...Object.fromEntries(Object.entries(common).map(([name, value]) => [`:${name}`, value])),
          }),
        },
      },
    ]);
    // Outside of it, because they hold for some: of notes in any order, and done again after they were cut short.
    const { at, id, run, message } = note;
    await this.#widen(fingerprint, 'SET firstSeen = :at', 'attribute_not_exists(firstSeen) OR firstSeen > :at', { at });
    await this.#widen(
      fingerprint,
      'SET lastSeen = :at, lastId = :id, lastRun = :run, message = :message',
      'attribute_not_exists(lastSeen) OR lastSeen < :at OR (lastSeen = :at AND lastId < :id)',
      { at, id, run, message },
    );
  }

  async patterns(): Promise<readonly FailurePattern[]> {
    const items = await Array.fromAsync(this.#table.under(itemKeys.pattern('').pk, patternPrefix));
    return inOrder(items.map(({ lastId, ...item }) => withoutKeys<FailurePattern>(item)));
  }

  async notes(fingerprint: string, limit: number): Promise<readonly FailureNote[]> {
    const { items } = await this.#table.page({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: asItem({ ':pk': itemKeys.failureNote({ fingerprint, id: '', at: 0 }).pk }),
      ScanIndexForward: false,
      Limit: limit,
    });
    return items.map((item) => withoutKeys<FailureNote>(item));
  }

  async #widen(
    fingerprint: string,
    UpdateExpression: string,
    ConditionExpression: string,
    values: Attributes,
  ): Promise<void> {
    await this.#table.update({
      Key: asItem(itemKeys.pattern(fingerprint)),
      UpdateExpression,
      ConditionExpression,
      ExpressionAttributeValues: asItem(
        Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
      ),
    });
  }
}

function withoutKeys<Value>({ pk, sk, ...rest }: Attributes): Value {
  return rest as Value;
}
