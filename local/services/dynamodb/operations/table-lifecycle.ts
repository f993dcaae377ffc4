import type { Operation } from '../../../service.ts';
import type { Database } from '../database.ts';
import { validation } from '../failure.ts';
import { checkedRequest } from '../request.ts';
import { shownTable } from '../shown-table.ts';
import { type TableDescription, tableName } from '../tables.ts';

export function describeTable(database: Database): Operation {
  return async (input) => {
    const { description } = database.tables.get(tableName(input.TableName));
    return { Table: shownTable(description) };
  };
}

/** DeleteTable: the table is gone when this returns. */
export function deleteTable(database: Database, deleted: (table: TableDescription) => void): Operation {
  return async (input) => {
    const name = tableName(input.TableName);
    const { description } = database.tables.get(name);
    if (description.DeletionProtectionEnabled) {
      throw validation(
        `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first. Table: ${name}`,
      );
    }
    database.tables.delete(name);
    deleted(description);
    await database.clear(description);
    return { TableDescription: { ...shownTable(description), TableStatus: 'DELETING' } };
  };
}

const pageSize = 100;

export function listTables(database: Database): Operation {
  return async (input) => {
    const { ExclusiveStartTableName: start, Limit = pageSize } = checkedRequest('listTables', input);
    const names = database.tables.names().filter((name) => start == null || name > start);
    const page = names.slice(0, Limit);
    return { TableNames: page, ...(names.length > page.length && { LastEvaluatedTableName: page.at(-1) }) };
  };
}
