import { S3Client } from '@aws-sdk/client-s3';
import { guardClient } from '../../lib/aws/guard-client.ts';
import { S3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { environment } from '../environment.ts';
import { awsClient } from './aws-client.ts';
import { breaker } from './breaker.ts';
import { clock } from './clock.ts';
import { once } from './once.ts';

export const objects = once(
  () =>
    new S3ObjectStore({
      client: guardClient(awsClient(S3Client), 'lake', breaker()),
      bucket: environment.lake,
      clock,
    }),
);
