import type { Operation, Service, ServiceFactory } from '../../service.ts';
import { Buckets } from './buckets.ts';
import { DataFiles } from './data-files.ts';
import { Events } from './events.ts';
import { s3Http } from './http.ts';
import { ObjectWrites } from './object-writes.ts';
import * as notification from './operations/bucket-notification.ts';
import * as policy from './operations/bucket-policy.ts';
import { bucketSettings } from './operations/bucket-settings.ts';
import * as versioning from './operations/bucket-versioning.ts';
import * as bucket from './operations/buckets.ts';
import { deleteObject, deleteObjects } from './operations/delete-object.ts';
import { getObject, headObject } from './operations/get-object.ts';
import { listObjects, listObjectsV2 } from './operations/list-objects.ts';
import { putObject } from './operations/put-object.ts';
import { s3Permissions } from './permissions.ts';
import type { S3State } from './s3-state.ts';
import { refuseUnsupported } from './unsupported.ts';

/** Amazon S3: objects on disk, streamed and verified, over REST. */
export const createS3: ServiceFactory = (cloud): Service => {
  const files = new DataFiles(cloud.store.folder('s3'));
  const buckets = new Buckets(cloud, files);
  const events = new Events(cloud);
  const s3: S3State = { cloud, buckets, files, events, writes: new ObjectWrites(buckets, events) };
  return {
    name: 's3',
    operations: checked(cloud.accountId, {
      CreateBucket: bucket.createBucket(s3),
      DeleteBucket: bucket.deleteBucket(s3),
      DeleteBucketPolicy: policy.deleteBucketPolicy(s3),
      DeleteObject: deleteObject(s3),
      DeleteObjects: deleteObjects(s3),
      GetBucketLocation: bucket.getBucketLocation(s3),
      GetBucketNotificationConfiguration: notification.getBucketNotificationConfiguration(s3),
      GetBucketPolicy: policy.getBucketPolicy(s3),
      GetBucketVersioning: versioning.getBucketVersioning(s3),
      GetObject: getObject(s3),
      HeadBucket: bucket.headBucket(s3),
      HeadObject: headObject(s3),
      ListBuckets: bucket.listBuckets(s3),
      ListObjects: listObjects(s3),
      ListObjectsV2: listObjectsV2(s3),
      PutBucketNotificationConfiguration: notification.putBucketNotificationConfiguration(s3),
      PutBucketPolicy: policy.putBucketPolicy(s3),
      PutBucketVersioning: versioning.putBucketVersioning(s3),
      PutObject: putObject(s3),
      ...bucketSettings(s3),
    }),
    permissions: s3Permissions,
    http: s3Http(cloud),
    async start() {
      files.keepOnly(new Set(buckets.fileIds()));
      events.start();
    },
  };
};

/** Every operation first refuses what cannot be honoured. */
function checked(accountId: string, operations: Record<string, Operation>): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      async (input, context) => {
        refuseUnsupported(name, input, accountId);
        return operation(input, context);
      },
    ]),
  );
}
