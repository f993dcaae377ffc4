import { AwsError } from '../../../aws-error.ts';
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
        tags: { ...alarm.tags, ...Object.fromEntries(Tags.map(({ Key, Value }: any) => [Key, Value])) },
      });
      return {};
    },
    UntagResource: async ({ ResourceARN, TagKeys = [] }) => {
      const alarm = tagged(ResourceARN);
      const kept = Object.entries(alarm.tags).filter(([key]) => !TagKeys.includes(key));
      alarms.set({ ...alarm, tags: Object.fromEntries(kept) });
      return {};
    },
    ListTagsForResource: async ({ ResourceARN }) => ({
      Tags: Object.entries(tagged(ResourceARN).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}
