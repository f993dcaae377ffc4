import { AwsError } from '../../../aws-error.ts';
import { readTags, shownTags, withoutTags } from '../../../requests/tags.ts';
import type { Operation } from '../../../service.ts';
import type { Alarm } from '../alarms/alarm.ts';
import type { AlarmStore } from '../alarms/alarm-store.ts';

/** TagResource, UntagResource and ListTagsForResource, of alarms. */
export function alarmTagOperations(alarms: AlarmStore): Record<string, Operation> {
  const tagged = (arn: string): Alarm => {
    const alarm = alarms.get(String(arn).split(':alarm:')[1] ?? '');
    if (!alarm) throw new AwsError('ResourceNotFoundException', `${arn} does not exist`, 404);
    return alarm;
  };
  return {
    TagResource: async ({ ResourceARN, Tags = [] }) => {
      const alarm = tagged(ResourceARN);
      alarms.set({
        ...alarm,
        tags: { ...alarm.tags, ...readTags(Tags) },
      });
      return {};
    },
    UntagResource: async ({ ResourceARN, TagKeys = [] }) => {
      const alarm = tagged(ResourceARN);
      alarms.set({ ...alarm, tags: withoutTags(alarm.tags, TagKeys) });
      return {};
    },
    ListTagsForResource: async ({ ResourceARN }) => ({
      Tags: shownTags(tagged(ResourceARN).tags),
    }),
  };
}
