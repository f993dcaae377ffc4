import { GlueClient } from '@aws-sdk/client-glue';
import { lakeTables } from '../../lib/aws/lake-tables.ts';
import { environment } from '../environment.ts';
import { clientOptions } from './client-options.ts';
import { objects } from './objects.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const tables = once(() =>
  lakeTables({
    glue: new GlueClient(clientOptions),
    database: environment.catalog,
    objects: objects(),
    runTable: runTable(),
  }),
);
