import { S3Client } from '@aws-sdk/client-s3';
import { S3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { environment } from '../environment.ts';
import { awsClient } from './aws-client.ts';
import { clock } from './clock.ts';
import { once } from './once.ts';

/** The lake for who tells what happens, of circuits, too: it asks none. What it cannot store comes again. */
export const archive = once(() => new S3ObjectStore({ client: awsClient(S3Client), bucket: environment.lake, clock }));
