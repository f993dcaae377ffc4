import { AwsError } from '../../../aws-error.ts';
import type { CallContext, Operation } from '../../../service.ts';
import type { Bucket } from '../bucket.ts';
import { matches } from '../conditions.ts';
import { s3Error } from '../errors.ts';
import type { S3State } from '../s3-state.ts';
import { checkVersionId } from '../version-id.ts';

const mostKeys = 1000;

interface Deleted {
  readonly DeleteMarker?: boolean;
  readonly VersionId?: string;
}

export function deleteObject(s3: S3State): Operation {
  return async (input, context) => {
    const bucket = s3.buckets.get(input.Bucket);
    return deleteOne(s3, bucket, { Key: input.Key, VersionId: input.VersionId, ETag: input.IfMatch }, context);
  };
}

/** Deletes up to 1,000 keys; each has its own result. */
export function deleteObjects(s3: S3State): Operation {
  return async (input, context) => {
    const bucket = s3.buckets.get(input.Bucket);
    const entries: any[] = input.Delete?.Objects ?? [];
    if (entries.length === 0 || entries.length > mostKeys) throw s3Error('MalformedXML');
    if (entries.some(({ Key }) => !Key)) throw s3Error('MalformedXML');
    const Deleted: object[] = [];
    const Errors: object[] = [];
    for (const entry of entries) {
      const { Key, VersionId } = entry;
      try {
        const result = deleteOne(s3, bucket, entry, context);
        // A marker that was made, and a marker that was deleted, have their id under another name here.
        const marker = result.DeleteMarker && { DeleteMarker: true, DeleteMarkerVersionId: result.VersionId };
        Deleted.push({ Key, ...(VersionId !== undefined && { VersionId }), ...marker });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Errors.push({ Key, ...(VersionId !== undefined && { VersionId }), Code: error.code, Message: error.message });
      }
    }
    return { ...(!input.Delete.Quiet && { Deleted }), ...(Errors.length > 0 && { Errors }) };
  };
}

function deleteOne(
  { writes }: S3State,
  bucket: Bucket,
  { Key, VersionId, ETag }: { Key: string; VersionId?: string; ETag?: string },
  context: CallContext,
): Deleted {
  checkVersionId(VersionId);
  const target = VersionId === undefined ? bucket.current(Key) : bucket.version(Key, VersionId);
  if (ETag !== undefined) {
    if (!target) throw s3Error('NoSuchKey', { Key });
    if (!matches(target.etag, ETag)) throw s3Error('PreconditionFailed', { Condition: 'If-Match' });
  }
  if (VersionId !== undefined) {
    if (target) writes.deleteVersion(bucket, target, context);
    return { VersionId, ...(target?.deleteMarker && { DeleteMarker: true }) };
  }
  const marker = writes.delete(bucket, Key, context);
  return marker ? { DeleteMarker: true, VersionId: marker.versionId } : {};
}
