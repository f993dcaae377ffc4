import type { Permission } from '../../service.ts';
import { parseCopySource } from './copy-source.ts';

/** IAM actions of operations that do not bear their name. */
const actions: Readonly<Record<string, string>> = {
  CompleteMultipartUpload: 'PutObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  DeleteBucketCors: 'PutBucketCORS',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
  DeleteBucketTagging: 'PutBucketTagging',
  DeleteObjects: 'DeleteObject',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  GetBucketCors: 'GetBucketCORS',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  HeadBucket: 'ListBucket',
  HeadObject: 'GetObject',
  ListBuckets: 'ListAllMyBuckets',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  ListObjectVersions: 'ListBucketVersions',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListParts: 'ListMultipartUploadParts',
  PutBucketCors: 'PutBucketCORS',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
};
/** Actions that have a twin for one version of an object. */
const versioned = new Set([
  'GetObject',
  'DeleteObject',
  'GetObjectTagging',
  'PutObjectTagging',
  'DeleteObjectTagging',
  'GetObjectAttributes',
  'GetObjectAcl',
]);

const withVersion = (action: string, versionId: unknown) =>
  versionId !== undefined && versioned.has(action)
    ? action.replace(/^(Get|Put|Delete)Object/, '$1ObjectVersion')
    : action;

/** IAM actions and ARNs of a call, as AWS documents them. */
export function s3Permissions(operation: string, input: any): Permission[] {
  const action = actions[operation] ?? operation;
  if (operation === 'ListBuckets') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  const bucket = `arn:aws:s3:::${input.Bucket}`;
  if (operation === 'DeleteObjects') {
    return (input.Delete?.Objects ?? []).map(({ Key, VersionId }: any) => ({
      action: `s3:${withVersion('DeleteObject', VersionId)}`,
      resource: `${bucket}/${Key}`,
    }));
  }
  if (input.Key === undefined) {
    const lists = action.startsWith('ListBucket') && operation !== 'HeadBucket';
    return [{ action: `s3:${action}`, resource: bucket, ...(lists && { conditions: listConditions(input) }) }];
  }
  const permissions: Permission[] = [
    { action: `s3:${withVersion(action, input.VersionId)}`, resource: `${bucket}/${input.Key}` },
  ];
  if (input.Tagging !== undefined && action === 'PutObject')
    permissions.push({ action: 's3:PutObjectTagging', resource: `${bucket}/${input.Key}` });
  if (input.CopySource !== undefined) permissions.push(readOf(input.CopySource));
  return permissions;
}

function listConditions({ Prefix, Delimiter, MaxKeys }: any): Record<string, string> {
  return {
    's3:prefix': Prefix ?? '',
    ...(Delimiter !== undefined && { 's3:delimiter': Delimiter }),
    ...(MaxKeys !== undefined && { 's3:max-keys': String(MaxKeys) }),
  };
}

function readOf(copySource: string): Permission {
  const { bucket, key, versionId } = parseCopySource(copySource);
  return { action: `s3:${withVersion('GetObject', versionId)}`, resource: `arn:aws:s3:::${bucket}/${key}` };
}
