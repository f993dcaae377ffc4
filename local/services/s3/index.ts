import type { Operation, Service, ServiceFactory } from '../../service.ts';
import { Buckets } from './buckets.ts';
import { DataFiles } from './data-files.ts';
import { Events } from './events.ts';
import { s3Http } from './http.ts';
import { Lifecycle } from './lifecycle.ts';
import { ObjectEncryption } from './object-encryption.ts';
import { ObjectWrites } from './object-writes.ts';
import * as acl from './operations/acl.ts';
import * as bucketLifecycle from './operations/bucket-lifecycle.ts';
import * as notification from './operations/bucket-notification.ts';
import * as policy from './operations/bucket-policy.ts';
import { bucketSettings } from './operations/bucket-settings.ts';
import * as versioning from './operations/bucket-versioning.ts';
import * as bucket from './operations/buckets.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { copyObject, uploadPartCopy } from './operations/copy-object.ts';
import { deleteObject, deleteObjects } from './operations/delete-object.ts';
import { getObject, headObject } from './operations/get-object.ts';
import { getObjectAttributes } from './operations/get-object-attributes.ts';
import { listObjectVersions } from './operations/list-object-versions.ts';
import { listObjects, listObjectsV2 } from './operations/list-objects.ts';
import { listMultipartUploads, listParts } from './operations/list-uploads.ts';
import * as multipart from './operations/multipart-upload.ts';
import * as tagging from './operations/object-tagging.ts';
import { putObject } from './operations/put-object.ts';
import { s3Permissions } from './permissions.ts';
import type { S3State } from './s3-state.ts';
import { refuseUnsupported } from './unsupported.ts';
import { Uploads } from './uploads.ts';

/** Amazon S3: objects on disk, streamed and verified, over REST. */
export const createS3: ServiceFactory = (cloud): Service => {
  const files = new DataFiles(cloud.store.folder('s3'), cloud.clock);
  const buckets = new Buckets(cloud, files);
  const events = new Events(cloud);
  const writes = new ObjectWrites(buckets, events);
  const uploads = new Uploads(buckets);
  const lifecycle = new Lifecycle(buckets, writes, uploads);
  const encryption = new ObjectEncryption(cloud);
  const s3: S3State = { cloud, buckets, files, events, writes, uploads, lifecycle, encryption };
  return {
    name: 's3',
    operations: checked(s3, {
      AbortMultipartUpload: multipart.abortMultipartUpload(s3),
      CompleteMultipartUpload: completeMultipartUpload(s3),
      CopyObject: copyObject(s3),
      CreateBucket: bucket.createBucket(s3),
      CreateMultipartUpload: multipart.createMultipartUpload(s3),
      DeleteBucket: bucket.deleteBucket(s3),
      DeleteBucketLifecycle: bucketLifecycle.deleteBucketLifecycle(s3),
      DeleteBucketPolicy: policy.deleteBucketPolicy(s3),
      DeleteObject: deleteObject(s3),
      DeleteObjects: deleteObjects(s3),
      DeleteObjectTagging: tagging.deleteObjectTagging(s3),
      GetBucketAcl: acl.getBucketAcl(s3),
      GetBucketLifecycleConfiguration: bucketLifecycle.getBucketLifecycleConfiguration(s3),
      GetBucketLocation: bucket.getBucketLocation(s3),
      GetBucketNotificationConfiguration: notification.getBucketNotificationConfiguration(s3),
      GetBucketPolicy: policy.getBucketPolicy(s3),
      GetBucketVersioning: versioning.getBucketVersioning(s3),
      GetObject: getObject(s3),
      GetObjectAcl: acl.getObjectAcl(s3),
      GetObjectAttributes: getObjectAttributes(s3),
      GetObjectTagging: tagging.getObjectTagging(s3),
      HeadBucket: bucket.headBucket(s3),
      HeadObject: headObject(s3),
      ListBuckets: bucket.listBuckets(s3),
      ListMultipartUploads: listMultipartUploads(s3),
      ListObjects: listObjects(s3),
      ListObjectsV2: listObjectsV2(s3),
      ListObjectVersions: listObjectVersions(s3),
      ListParts: listParts(s3),
      PutBucketLifecycleConfiguration: bucketLifecycle.putBucketLifecycleConfiguration(s3),
      PutBucketNotificationConfiguration: notification.putBucketNotificationConfiguration(s3),
      PutBucketPolicy: policy.putBucketPolicy(s3),
      PutBucketVersioning: versioning.putBucketVersioning(s3),
      PutObject: putObject(s3),
      PutObjectTagging: tagging.putObjectTagging(s3),
      UploadPart: multipart.uploadPart(s3),
      UploadPartCopy: uploadPartCopy(s3),
      ...bucketSettings(s3),
    }),
    permissions: s3Permissions,
    http: s3Http(cloud),
    async start() {
      files.restore([...buckets.extents(), ...uploads.extents()]);
      events.start();
      lifecycle.start();
    },
    async close() {
      lifecycle.close();
      await files.close();
    },
  };
};

/** Every operation first refuses what cannot be honoured and lets the lifecycle of its bucket catch up. */
function checked({ cloud, lifecycle }: S3State, operations: Record<string, Operation>): Record<string, Operation> {
  const check = (name: string, operation: Operation): Operation => {
    return async (input, context) => {
      refuseUnsupported(name, input, cloud.accountId);
      if (input.Bucket !== undefined) lifecycle.settle(input.Bucket);
      return operation(input, context);
    };
  };
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, check(name, operation)]));
}
