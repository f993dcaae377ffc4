import type { CallContext, Operation } from '../../../service.ts';
import type { Bucket } from '../bucket.ts';
import { s3Error } from '../errors.ts';
import { checkedTags } from '../object-input.ts';
import { versionMembers } from '../object-output.ts';
import type { Tag } from '../object-version.ts';
import type { S3State } from '../s3-state.ts';
import { readVersion } from './get-object.ts';

export function putObjectTagging(s3: S3State): Operation {
  return async (input, context) => {
    if (!Array.isArray(input.Tagging?.TagSet)) throw s3Error('MalformedXML');
    return setTags(s3, input, checkedTags(input.Tagging.TagSet), context);
  };
}

export function deleteObjectTagging(s3: S3State): Operation {
  return async (input, context) => setTags(s3, input, [], context);
}

export function getObjectTagging({ buckets }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const version = readVersion(bucket, input);
    return { TagSet: version.tags ?? [], ...versionMembers(bucket, version) };
  };
}

function setTags({ buckets, writes }: S3State, input: any, tags: readonly Tag[], context: CallContext) {
  const bucket: Bucket = buckets.get(input.Bucket);
  const { tags: _, ...version } = readVersion(bucket, input);
  const changed = writes.update(bucket, { ...version, ...(tags.length > 0 && { tags }) }, context);
  return versionMembers(bucket, changed);
}
