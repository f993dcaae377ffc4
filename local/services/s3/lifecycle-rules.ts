import { NotSupportedError } from '../../aws-error.ts';
import { s3Error } from './errors.ts';
import type { ObjectVersion } from './object-version.ts';

const actions = [
  ...['Expiration', 'Transitions', 'AbortIncompleteMultipartUpload'],
  ...['NoncurrentVersionExpiration', 'NoncurrentVersionTransitions'],
];
const dayMilliseconds = 86_400_000;

/** Throws for rules that AWS refuses, and for those whose effect is not supported. */
export function checkLifecycle(rules: readonly any[] | undefined): void {
  if (!rules?.length || rules.length > 1000) throw s3Error('MalformedXML');
  const ids = new Set<string>();
  for (const rule of rules) {
    if (rule.Status !== 'Enabled' && rule.Status !== 'Disabled') throw s3Error('MalformedXML');
    if (rule.ID !== undefined && ids.size === ids.add(rule.ID).size) {
      throw s3Error('InvalidArgument', {}, 'Rule ID must be unique. Found same ID for more than one rule');
    }
    for (const { StorageClass } of [...(rule.Transitions ?? []), ...(rule.NoncurrentVersionTransitions ?? [])]) {
      // Other classes change what storage costs; an archive changes whether an object can be read.
      if (['GLACIER', 'DEEP_ARCHIVE'].includes(StorageClass))
        throw new NotSupportedError(`s3 lifecycle transitions to ${StorageClass}`);
    }
    if (!actions.some((action) => rule[action] !== undefined))
      throw s3Error('InvalidRequest', {}, 'At least one action needs to be specified in a rule');
    const { Days, Date: date } = rule.Expiration ?? {};
    checkDays(Days, "'Days' for Expiration action");
    checkDays(
      rule.NoncurrentVersionExpiration?.NoncurrentDays,
      "'NoncurrentDays' for NoncurrentVersionExpiration action",
    );
    checkDays(
      rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
      "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action",
    );
    if (date !== undefined && new Date(date).getTime() % dayMilliseconds !== 0) {
      throw s3Error('InvalidArgument', {}, "'Date' must be at midnight GMT");
    }
  }
}

function checkDays(days: unknown, what: string): void {
  if (days !== undefined && !(Number.isInteger(days) && Number(days) > 0))
    throw s3Error('InvalidArgument', {}, `${what} must be a positive integer`);
}

/** Whether a rule speaks of this version. */
export function ruleMatches(rule: any, version: Pick<ObjectVersion, 'key' | 'size' | 'tags'>): boolean {
  if (rule.Status !== 'Enabled') return false;
  const filter = rule.Filter?.And ?? rule.Filter ?? {};
  const tags = [...(filter.Tags ?? []), ...(filter.Tag ? [filter.Tag] : [])];
  return (
    version.key.startsWith(filter.Prefix ?? rule.Prefix ?? '') &&
    tags.every(({ Key, Value }) => version.tags?.some((tag) => tag.Key === Key && tag.Value === (Value ?? ''))) &&
    version.size > (filter.ObjectSizeGreaterThan ?? -1) &&
    version.size < (filter.ObjectSizeLessThan ?? Number.POSITIVE_INFINITY)
  );
}

/** The first midnight (UTC) that is `days` after `time` or later; AWS acts at midnight. */
export const midnightAfter = (time: number, days: number) =>
  Math.ceil((time + days * dayMilliseconds) / dayMilliseconds) * dayMilliseconds;
