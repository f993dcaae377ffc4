import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { S3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { createS3 } from '../../local/services/s3/index.ts';
import { objectStoreContract } from '../fixtures/ports/contracts/object-store.ts';
import { bucket, createLake, type LocalAws, startLocalAws } from './local-aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws([createS3]);
  await createLake(aws);
});
afterAll(() => aws.stop());

objectStoreContract('S3', () => ({
  store: new S3ObjectStore({ client: aws.s3, bucket, clock: aws.clock }),
  async drop(Key, Body) {
    return (await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))).VersionId;
  },
}));
