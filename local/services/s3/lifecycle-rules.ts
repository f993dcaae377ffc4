import { NotSupportedError } from '../../aws-error.ts';
import { s3Error } from './errors.ts';
import type { ObjectVersion } from './object-version.ts';

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
    const { Days, Date: date } = rule.Expiration ?? {};
    if (Days !== undefined && !(Number.isInteger(Days) && Days > 0)) {
      throw s3Error('InvalidArgument', {}, "'Days' for Expiration action must be a positive integer");
    }
    if (date !== undefined && new Date(date).getTime() % dayMilliseconds !== 0) {
      throw s3Error('InvalidArgument', {}, "'Date' must be at midnight GMT");
    }
  }
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
