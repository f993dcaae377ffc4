import { GlueClient } from '@aws-sdk/client-glue';
import { guardClient } from '../../lib/aws/guard-client.ts';
import { lakeTables } from '../../lib/aws/lake-tables.ts';
import { environment } from '../environment.ts';
import { awsClient } from './aws-client.ts';
import { breaker } from './breaker.ts';
import { objects } from './objects.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const tables = once(() =>
  lakeTables({
    glue: guardClient(awsClient(GlueClient), 'catalog', breaker()),
    database: environment.catalog,
    objects: objects(),
    runTable: runTable(),
  }),
);
