import { GlueClient } from '@aws-sdk/client-glue';
import { guardClient } from '../../lib/aws/guard-client.ts';
import { lakeTables } from '../../lib/aws/lake-tables.ts';
import { environment } from '../environment.ts';
import { breaker } from './breaker.ts';
import { clientOptions } from './client-options.ts';
import { objects } from './objects.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const tables = once(() =>
  lakeTables({
    glue: guardClient(new GlueClient(clientOptions), 'catalog', breaker()),
    database: environment.catalog,
    objects: objects(),
    runTable: runTable(),
  }),
);
