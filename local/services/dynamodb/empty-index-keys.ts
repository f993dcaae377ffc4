import type { Item } from './dynalite.ts';
import { validation } from './failure.ts';
import type { Table } from './tables.ts';

/** Throws where an item has an empty key for an index: AWS keeps such an item out of the table, not just out of the index. */
export function refuseEmptyIndexKeys({ description }: Table, item: Item, operation: string): void {
  for (const { IndexName, KeySchema } of [
    ...(description.GlobalSecondaryIndexes ?? []),
    ...(description.LocalSecondaryIndexes ?? []),
  ]) {
    for (const { AttributeName } of KeySchema) {
      const kind = item[AttributeName]?.S === '' ? 'string' : item[AttributeName]?.B === '' ? 'binary' : undefined;
      if (kind === undefined) continue;
      const empty = `The AttributeValue for a key attribute cannot contain an empty ${kind} value.`;
      throw validation(
        operation === 'updateItem'
          ? `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. ${empty}`
          : `One or more parameter values are not valid. A value specified for a secondary index key is not supported. ${empty} IndexName: ${IndexName}, IndexKey: ${AttributeName}`,
      );
    }
  }
}
