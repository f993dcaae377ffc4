import type { GlueClient } from '@aws-sdk/client-glue';
import type { ObjectStore } from '../runtime/ports/object-store.ts';
import type { TableCatalog } from '../runtime/ports/table-catalog.ts';
import { CatalogByName } from '../runtime/publish/catalog-by-name.ts';
import { DynamodbCommits } from './dynamodb-commits.ts';
import type { DynamodbTable } from './dynamodb-table.ts';
import { DynamodbTableCatalog } from './dynamodb-table-catalog.ts';
import { GlueTableCatalog } from './glue-table-catalog.ts';

export interface LakeTablesPlace {
  readonly glue: GlueClient;
  /** Name of the database in the catalog of Glue. */
  readonly database: string;
  readonly objects: Pick<ObjectStore, 'uri' | 'readText'>;
  readonly runTable: DynamodbTable;
}

/** Everything that is published: tables in the catalog of Glue, exports in the run table. */
export function lakeTables({ glue: client, database, objects, runTable }: LakeTablesPlace): TableCatalog {
  const commits = new DynamodbCommits(runTable);
  return new CatalogByName({
    tables: new GlueTableCatalog({ client, database, objects, commits }),
    exports: new DynamodbTableCatalog(runTable),
  });
}
