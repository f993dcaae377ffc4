import type { CallContext, Operation } from '../../../service.ts';
import type { Bucket } from '../bucket.ts';
import { type ByteRange, byteRange } from '../byte-range.ts';
import { checkRead } from '../conditions.ts';
import { S3Error, s3Error } from '../errors.ts';
import { ObjectBody } from '../object-body.ts';
import { describedObject } from '../object-output.ts';
import type { ObjectVersion } from '../object-version.ts';
import type { S3State } from '../s3-state.ts';
import { checkVersionId } from '../version-id.ts';

/** Reads an object, a range or a part of it. Body is a stream of bytes that stay as they are whatever happens to the key. */
export function getObject(s3: S3State): Operation {
  return async (input, context) => {
    const bucket = s3.buckets.get(input.Bucket);
    const version = await visibleVersion(s3, bucket, input, context);
    const { range, members } = readMembers(bucket, version, input);
    await s3.encryption.decrypt(input.Bucket, version, context);
    return { ...members, Body: new ObjectBody(s3.files, version.parts, range.start, range.end) };
  };
}

/** All that GetObject says, without the bytes. Nothing is decrypted for it but the checksum. */
export function headObject(s3: S3State): Operation {
  return async (input, context) => {
    const bucket = s3.buckets.get(input.Bucket);
    const version = await visibleVersion(s3, bucket, input, context);
    const { members } = readMembers(bucket, version, input);
    if (input.ChecksumMode === 'ENABLED') await s3.encryption.decrypt(input.Bucket, version, context);
    return members;
  };
}

/** Whoever may not list a bucket is not told that a key is missing: the answer is AccessDenied, as on AWS. */
async function visibleVersion(
  { cloud }: S3State,
  bucket: Bucket,
  input: any,
  context: CallContext,
): Promise<ObjectVersion> {
  try {
    return readVersion(bucket, input);
  } catch (error) {
    if (context.principal.kind === 'role') await cloud.call('s3', 'HeadBucket', { Bucket: input.Bucket }, context);
    throw error;
  }
}

/** The version that a read names. Throws NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker. */
export function readVersion(bucket: Bucket, input: { Key: string; VersionId?: string }): ObjectVersion {
  const { Key, VersionId } = input;
  checkVersionId(VersionId);
  const version = VersionId === undefined ? bucket.latest(Key) : bucket.version(Key, VersionId);
  if (version && !version.deleteMarker) return version;
  const headers: Record<string, string> = version
    ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId }
    : {};
  if (VersionId === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.', { Key }, headers);
  if (!version) throw s3Error('NoSuchVersion', { Key, VersionId });
  throw new S3Error(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { Key, VersionId },
    headers,
  );
}

function readMembers(bucket: Bucket, version: ObjectVersion, input: any): { range: ByteRange; members: object } {
  if (input.PartNumber !== undefined && input.Range !== undefined)
    throw s3Error('InvalidRequest', {}, 'Cannot specify both Range header and partNumber query parameter');
  checkRead(version, input);
  const part = input.PartNumber === undefined ? undefined : partRange(version, Number(input.PartNumber));
  const asked = part?.range ?? byteRange(input.Range, version.size);
  const range = asked ?? { start: 0, end: version.size };
  return {
    range,
    members: {
      ...describedObject(bucket, version, input, asked === undefined),
      ContentLength: range.end - range.start,
      ...(asked && version.size > 0 && { ContentRange: `bytes ${range.start}-${range.end - 1}/${version.size}` }),
      ...(part?.count && { PartsCount: part.count }),
    },
  };
}

function partRange(version: ObjectVersion, number: number): { range: ByteRange; count?: number } {
  const count = version.multipart ? version.parts.length : 1;
  if (number < 1 || number > count)
    throw s3Error('InvalidPartNumber', { PartNumberRequested: number, ActualPartCount: count });
  let start = 0;
  for (const { size } of version.parts.slice(0, number - 1)) start += size;
  const range = { start, end: start + (version.parts[number - 1]?.size ?? 0) };
  return version.multipart ? { range, count } : { range };
}
