import { NotSupportedError } from '../../aws-error.ts';
import type { Bucket, PendingWrite } from './bucket.ts';
import { S3Error, s3Error } from './errors.ts';
import type { ObjectVersion } from './object-version.ts';

/** Holds a read to its If-… headers. Throws PreconditionFailed (412) or NotModified (304). */
export function checkRead(version: ObjectVersion, input: any): void {
  const modified = Math.floor(version.lastModified / 1000);
  const time = (date: Date | string) => Math.floor(new Date(date).getTime() / 1000);
  const failed = (Condition: string) => s3Error('PreconditionFailed', { Condition });
  if (input.IfMatch !== undefined) {
    if (!matches(version.etag, input.IfMatch)) throw failed('If-Match');
  } else if (input.IfUnmodifiedSince !== undefined && modified > time(input.IfUnmodifiedSince)) {
    throw failed('If-Unmodified-Since');
  }
  if (input.IfNoneMatch !== undefined) {
    if (matches(version.etag, input.IfNoneMatch)) throw notModified(version);
  } else if (input.IfModifiedSince !== undefined && modified <= time(input.IfModifiedSince)) {
    throw notModified(version);
  }
}

/** The same conditions on the source of a copy, where each failure is a PreconditionFailed. */
export function checkCopySource(version: ObjectVersion, input: any): void {
  const conditions = {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
  try {
    checkRead(version, conditions);
  } catch (error) {
    if ((error as { code?: string }).code !== 'NotModified') throw error;
    throw s3Error('PreconditionFailed', { Condition: 'x-amz-copy-source-If-None-Match' });
  }
}

/** Runs a write under its If-Match or If-None-Match, looked at before and, by `commit`, once more when the data is there. */
export async function conditionalWrite<T>(
  bucket: Bucket,
  input: any,
  write: (commit: <R>(change: () => R) => R) => Promise<T>,
): Promise<T> {
  if (input.IfNoneMatch === undefined && input.IfMatch === undefined) return write((change) => change());
  if (input.IfNoneMatch !== undefined && input.IfNoneMatch !== '*') {
    throw new NotSupportedError('s3 writes with an If-None-Match other than *');
  }
  const pending: PendingWrite = { key: input.Key, conflict: false };
  checkWrite(bucket, input);
  bucket.pending.add(pending);
  try {
    return await write((change) => {
      if (pending.conflict) throw s3Error('ConditionalRequestConflict', { Key: input.Key });
      checkWrite(bucket, input);
      return change();
    });
  } finally {
    bucket.pending.delete(pending);
  }
}

function checkWrite(bucket: Bucket, input: any): void {
  const current = bucket.current(input.Key);
  if (input.IfNoneMatch !== undefined && current) throw s3Error('PreconditionFailed', { Condition: 'If-None-Match' });
  if (input.IfMatch === undefined) return;
  if (!current) throw s3Error('NoSuchKey', { Key: input.Key });
  if (!matches(current.etag, input.IfMatch)) throw s3Error('PreconditionFailed', { Condition: 'If-Match' });
}

/** Whether an entity tag is among those of a header, which may be a list, quoted or not, or `*`. */
export function matches(etag: string, header: string): boolean {
  return header.split(',').some((each) => {
    const wanted = each
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return wanted === '*' || wanted === etag;
  });
}

function notModified(version: ObjectVersion) {
  return new S3Error(
    'NotModified',
    'Not Modified',
    {},
    {
      etag: `"${version.etag}"`,
      'last-modified': new Date(version.lastModified).toUTCString(),
    },
  );
}
