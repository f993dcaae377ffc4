import { jsonHttp } from '../../protocols/json.ts';
import type { Permission, ServiceFactory } from '../../service.ts';
import { Catalog } from './catalog.ts';
import { databaseOperations } from './databases.ts';
import { tableOperations } from './tables.ts';

/** AWS Glue's Data Catalog: databases, tables and their versions, with updates guarded by the version. */
export const createGlue: ServiceFactory = (cloud) => {
  const catalog = new Catalog(cloud);
  const operations = { ...databaseOperations(cloud, catalog), ...tableOperations(cloud, catalog) };
  /** AWS wants the action on the catalog, the database and the table alike. */
  const permissions = (operation: string, input: any): readonly Permission[] => {
    const action = `glue:${operation}`;
    const database =
      input.DatabaseName ?? (/Database$/.test(operation) ? (input.Name ?? input.DatabaseInput?.Name) : undefined);
    const table = input.TableName ?? input.TableInput?.Name ?? (/Table$/.test(operation) ? input.Name : undefined);
    const resources = [catalog.arn('catalog')];
    if (database !== undefined) resources.push(catalog.arn('database', String(database)));
    else if (operation === 'GetDatabases') resources.push(catalog.arn('database', '*'));
    if (table !== undefined) resources.push(catalog.arn('table', String(database), String(table)));
    else if (operation === 'GetTables') resources.push(catalog.arn('table', String(database), '*'));
    return resources.map((resource) => ({ action, resource }));
  };
  return { name: 'glue', operations, permissions, http: jsonHttp(cloud, 'glue', { version: '1.1' }) };
};
