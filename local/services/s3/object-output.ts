import type { Bucket } from './bucket.ts';
import type { ObjectVersion } from './object-version.ts';

/** Checksums of a version as members of an SDK output. */
export function checksumMembers({
  checksums,
  checksumType,
}: Pick<ObjectVersion, 'checksums' | 'checksumType'>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [algorithm, value] of Object.entries(checksums)) result[`Checksum${algorithm}`] = value;
  if (checksumType) result.ChecksumType = checksumType;
  return result;
}

/** The version id, which buckets that never had versioning leave out. */
export function versionMembers(bucket: Bucket, version: ObjectVersion): { VersionId?: string } {
  return bucket.record.versioning === undefined ? {} : { VersionId: version.versionId };
}

/** The encryption that a write answers with. */
export function encryptionMembers({ headers }: Pick<ObjectVersion, 'headers'>) {
  const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled } = headers;
  return {
    ...(ServerSideEncryption !== undefined && { ServerSideEncryption }),
    ...(SSEKMSKeyId !== undefined && { SSEKMSKeyId }),
    ...(BucketKeyEnabled !== undefined && { BucketKeyEnabled }),
  };
}

/** What GetObject and HeadObject say alike. */
export function describedObject(bucket: Bucket, version: ObjectVersion, input: any, whole: boolean) {
  const { StorageClass, ...headers } = version.headers;
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(version.lastModified),
    ETag: `"${version.etag}"`,
    ContentType: 'binary/octet-stream',
    ...headers,
    ...(headers.Expires !== undefined && { ExpiresString: headers.Expires }),
    ...overrides(input),
    // As on AWS, the usual storage class is not worth a header.
    ...(StorageClass !== undefined && StorageClass !== 'STANDARD' && { StorageClass }),
    Metadata: mailSafe(version.metadata ?? {}),
    ...(version.tags && { TagCount: version.tags.length }),
    ...versionMembers(bucket, version),
    ...(input.ChecksumMode === 'ENABLED' && whole && checksumMembers(version)),
  };
}

function overrides(input: any): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of [
    'ContentType',
    'ContentDisposition',
    'ContentEncoding',
    'ContentLanguage',
    'CacheControl',
    'Expires',
  ]) {
    const value = input[`Response${name}`];
    if (value !== undefined)
      result[name === 'Expires' ? 'ExpiresString' : name] = value instanceof Date ? value.toUTCString() : value;
  }
  return result;
}

/** What is not ASCII comes back as an encoded word (RFC 2047), as headers cannot carry it. */
function mailSafe(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const word = (value: string) => `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
  const entries = Object.entries(metadata).map(([name, value]) => [
    name,
    /^[\x20-\x7e\t]*$/.test(value) ? value : word(value),
  ]);
  return Object.fromEntries(entries);
}
