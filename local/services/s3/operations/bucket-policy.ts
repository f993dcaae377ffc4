import type { Operation } from '../../../service.ts';
import { s3Error } from '../errors.ts';
import type { S3State } from '../s3-state.ts';

export function putBucketPolicy({ buckets }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    checkPolicy(input.Policy);
    buckets.change(bucket, { settings: { ...bucket.record.settings, policy: input.Policy } });
  };
}

export function getBucketPolicy({ buckets }: S3State): Operation {
  return async (input) => {
    const { policy } = buckets.get(input.Bucket).record.settings;
    if (policy === undefined) throw s3Error('NoSuchBucketPolicy', { BucketName: input.Bucket });
    return { Policy: policy };
  };
}

export function deleteBucketPolicy({ buckets }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const { policy: _, ...settings } = bucket.record.settings;
    buckets.change(bucket, { settings });
  };
}

function checkPolicy(text: unknown): void {
  let policy: any;
  try {
    policy = JSON.parse(String(text));
  } catch {
    throw s3Error('MalformedPolicy');
  }
  const statements = [policy?.Statement ?? []].flat();
  if (statements.length === 0) throw s3Error('MalformedPolicy', {}, 'Missing required field Statement');
  for (const statement of statements) {
    if (statement.Principal === undefined && statement.NotPrincipal === undefined) {
      throw s3Error('MalformedPolicy', {}, 'Missing required field Principal');
    }
  }
}
