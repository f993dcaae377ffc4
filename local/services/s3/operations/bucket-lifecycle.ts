import { randomBytes } from 'node:crypto';
import type { Operation } from '../../../service.ts';
import { s3Error } from '../errors.ts';
import { checkLifecycle } from '../lifecycle-rules.ts';
import type { S3State } from '../s3-state.ts';

export function putBucketLifecycleConfiguration({ buckets, lifecycle }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const rules = input.LifecycleConfiguration?.Rules;
    checkLifecycle(rules);
    const Rules = rules.map((rule: any) => ({ ...rule, ID: rule.ID ?? randomBytes(16).toString('base64url') }));
    const TransitionDefaultMinimumObjectSize = input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K';
    buckets.change(bucket, {
      settings: { ...bucket.record.settings, lifecycle: { Rules, TransitionDefaultMinimumObjectSize } },
    });
    lifecycle.rulesChanged(bucket);
    return { TransitionDefaultMinimumObjectSize };
  };
}

export function getBucketLifecycleConfiguration({ buckets }: S3State): Operation {
  return async (input) => {
    const { lifecycle } = buckets.get(input.Bucket).record.settings;
    if (!lifecycle) throw s3Error('NoSuchLifecycleConfiguration', { BucketName: input.Bucket });
    // Dates are kept as text.
    const Rules = lifecycle.Rules.map((rule: any) =>
      rule.Expiration?.Date === undefined
        ? rule
        : { ...rule, Expiration: { ...rule.Expiration, Date: new Date(rule.Expiration.Date) } },
    );
    return { ...lifecycle, Rules };
  };
}

export function deleteBucketLifecycle({ buckets }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const { lifecycle: _, ...settings } = bucket.record.settings;
    buckets.change(bucket, { settings });
  };
}
