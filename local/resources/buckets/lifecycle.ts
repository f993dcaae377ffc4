import { type Value, withoutEffect } from '../../provisioning/shape.ts';

const onlyCost = withoutEffect('storage classes change what storage costs, not what it does');

export const lifecycleShape = {
  TransitionDefaultMinimumObjectSize: onlyCost,
  Rules: [
    {
      Id: 'text',
      Status: 'text',
      Prefix: 'text',
      TagFilters: [{ Key: 'text', Value: 'text' }],
      ObjectSizeGreaterThan: 'number',
      ObjectSizeLessThan: 'number',
      ExpirationInDays: 'number',
      ExpirationDate: 'text',
      ExpiredObjectDeleteMarker: 'flag',
      NoncurrentVersionExpiration: { NoncurrentDays: 'number', NewerNoncurrentVersions: 'number' },
      NoncurrentVersionExpirationInDays: 'number',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 'number' },
      Transition: onlyCost,
      Transitions: onlyCost,
      NoncurrentVersionTransition: onlyCost,
      NoncurrentVersionTransitions: onlyCost,
    },
  ],
} as const;

type Rule = NonNullable<Value<typeof lifecycleShape>['Rules']>[number];

/** The rules as S3's API takes them; undefined where none does anything. Rules that only move storage classes fall away. */
export function bucketLifecycle(lifecycle: Value<typeof lifecycleShape> = {}) {
  const Rules = (lifecycle.Rules ?? [])
    .map(rule)
    .filter((one) => one.acts)
    .map(({ acts: _, ...one }) => one);
  return Rules.length ? { Rules } : undefined;
}

function rule(one: Rule) {
  const noncurrent =
    one.NoncurrentVersionExpiration ??
    (one.NoncurrentVersionExpirationInDays !== undefined && { NoncurrentDays: one.NoncurrentVersionExpirationInDays });
  const expiration = {
    ...(one.ExpirationInDays !== undefined && { Days: one.ExpirationInDays }),
    ...(one.ExpirationDate !== undefined && { Date: new Date(one.ExpirationDate) }),
    ...(one.ExpiredObjectDeleteMarker !== undefined && { ExpiredObjectDeleteMarker: one.ExpiredObjectDeleteMarker }),
  };
  const expires = Object.keys(expiration).length > 0;
  return {
    acts: expires || Boolean(noncurrent) || Boolean(one.AbortIncompleteMultipartUpload),
    ...(one.Id && { ID: one.Id }),
    Status: one.Status,
    Filter: filter(one),
    ...(expires && { Expiration: expiration }),
    ...(noncurrent && { NoncurrentVersionExpiration: noncurrent }),
    ...(one.AbortIncompleteMultipartUpload && { AbortIncompleteMultipartUpload: one.AbortIncompleteMultipartUpload }),
  };
}

/** S3 takes one condition by itself, and several only inside `And`. */
function filter({ Prefix, TagFilters = [], ObjectSizeGreaterThan, ObjectSizeLessThan }: Rule) {
  const sizes = {
    ...(ObjectSizeGreaterThan !== undefined && { ObjectSizeGreaterThan }),
    ...(ObjectSizeLessThan !== undefined && { ObjectSizeLessThan }),
  };
  const count = Number(Prefix !== undefined) + TagFilters.length + Object.keys(sizes).length;
  if (count > 1) return { And: { ...(Prefix !== undefined && { Prefix }), Tags: TagFilters, ...sizes } };
  if (TagFilters[0]) return { Tag: TagFilters[0] };
  return count === 1 && Prefix === undefined ? sizes : { Prefix: Prefix ?? '' };
}
