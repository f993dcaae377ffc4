import { S3Client } from '@aws-sdk/client-s3';
import { retrySkewed } from '../../lib/aws/retry-skewed.ts';
import { S3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { environment } from '../environment.ts';
import { clientOptions } from './client-options.ts';
import { clock } from './clock.ts';
import { once } from './once.ts';

/** The lake for who tells what happens, of circuits, too: it asks none. What it cannot store comes again. */
export const archive = once(
  () => new S3ObjectStore({ client: retrySkewed(new S3Client(clientOptions)), bucket: environment.lake, clock }),
);
