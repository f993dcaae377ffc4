import type { Bucket } from './bucket.ts';
import { s3Error } from './errors.ts';
import type { ObjectHeaders, Tag } from './object-version.ts';

const headerNames = [
  'ContentType',
  'CacheControl',
  'ContentDisposition',
  'ContentLanguage',
  'WebsiteRedirectLocation',
  'StorageClass',
  'ServerSideEncryption',
  'SSEKMSKeyId',
  'BucketKeyEnabled',
] as const;
const storageClasses = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
];
const longestKeyBytes = 1024;
const longestMetadataBytes = 2048;

/** What a write says of its object beside the bytes. Throws where AWS refuses it. */
export function writtenObject(bucket: Bucket, input: any) {
  checkKey(input.Key);
  const metadata = objectMetadata(input.Metadata);
  const tags = input.Tagging === undefined ? undefined : tagsOfHeader(input.Tagging);
  return {
    key: input.Key as string,
    headers: objectHeaders(bucket, input),
    ...(metadata && { metadata }),
    ...(tags && tags.length > 0 && { tags }),
  };
}

export function checkKey(key: unknown): void {
  if (typeof key !== 'string' || key === '')
    throw s3Error('InvalidArgument', { ArgumentName: 'Key' }, 'The key must not be empty');
  const bytes = Buffer.byteLength(key);
  if (bytes > longestKeyBytes) throw s3Error('KeyTooLongError', { Size: bytes, MaxSizeAllowed: longestKeyBytes });
}

/** Headers to keep; encryption is that of the request, else that of the bucket. */
export function objectHeaders(bucket: Bucket, input: any): ObjectHeaders {
  const headers: Record<string, unknown> = {};
  for (const name of headerNames) if (input[name] !== undefined) headers[name] = input[name];
  // The framing of the transfer is not an encoding of the object.
  const encoding = String(input.ContentEncoding ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each && each !== 'aws-chunked');
  if (encoding.length > 0) headers.ContentEncoding = encoding.join(',');
  if (input.Expires !== undefined) headers.Expires = new Date(input.Expires).toUTCString();
  if (input.StorageClass !== undefined && !storageClasses.includes(input.StorageClass)) {
    throw s3Error(
      'InvalidArgument',
      { ArgumentName: 'x-amz-storage-class', ArgumentValue: input.StorageClass },
      'The storage class you specified is not valid',
    );
  }
  return { ...bucketEncryption(bucket, input), ...headers };
}

function bucketEncryption(bucket: Bucket, input: any): ObjectHeaders {
  checkEncryption(input);
  if (input.ServerSideEncryption !== undefined) return {};
  const rule = bucket.record.settings.encryption?.Rules?.[0];
  const byDefault = rule?.ApplyServerSideEncryptionByDefault;
  return {
    ServerSideEncryption: byDefault?.SSEAlgorithm ?? 'AES256',
    ...(byDefault?.KMSMasterKeyID !== undefined && { SSEKMSKeyId: byDefault.KMSMasterKeyID }),
    ...(rule?.BucketKeyEnabled !== undefined && { BucketKeyEnabled: rule.BucketKeyEnabled }),
  };
}

function checkEncryption({ ServerSideEncryption: method, SSEKMSKeyId: key }: any): void {
  const details = { ArgumentName: 'x-amz-server-side-encryption', ArgumentValue: method };
  if (method !== undefined && !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(method))
    throw s3Error('InvalidArgument', details, 'The encryption method specified is not supported');
  if (key !== undefined && !String(method).startsWith('aws:kms')) {
    const problem =
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms';
    throw s3Error('InvalidArgument', details, problem);
  }
}

function objectMetadata(metadata: Record<string, string> | undefined): Record<string, string> | undefined {
  const entries = Object.entries(metadata ?? {});
  if (entries.length === 0) return undefined;
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > longestMetadataBytes)
    throw s3Error('MetadataTooLarge', { Size: bytes, MaxSizeAllowed: longestMetadataBytes });
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

/** Reads `a=1&b=2`. */
function tagsOfHeader(header: string): Tag[] {
  return checkedTags([...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value })));
}

/** Throws BadRequest for more than `most` tags, InvalidTag for a key that comes twice, or is too long. */
export function checkedTags(tags: readonly Tag[], most = 10): Tag[] {
  if (tags.length > most) throw s3Error('BadRequest', {}, `Object tags cannot be greater than ${most}`);
  const seen = new Set<string>();
  for (const { Key, Value } of tags) {
    if (!Key || Key.length > 128)
      throw s3Error('InvalidTag', { TagKey: Key }, 'The TagKey you have provided is invalid');
    if ((Value ?? '').length > 256)
      throw s3Error('InvalidTag', { TagValue: Value }, 'The TagValue you have provided is invalid');
    if (seen.has(Key)) throw s3Error('InvalidTag', { TagKey: Key }, 'Cannot provide multiple Tags with the same key');
    seen.add(Key);
  }
  return tags.map(({ Key, Value }) => ({ Key, Value: Value ?? '' }));
}
