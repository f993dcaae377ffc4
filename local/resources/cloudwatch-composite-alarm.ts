import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value } from '../provisioning/shape.ts';
import { alarmProvisioned, alarmShape, deleteAlarm } from './alarms/alarm-shape.ts';

const properties = {
  ...alarmShape,
  AlarmRule: 'text',
  ActionsSuppressor: 'text',
  ActionsSuppressorWaitPeriod: 'number',
  ActionsSuppressorExtensionPeriod: 'number',
  Tags: tags,
} as const;

type Alarm = Value<typeof properties>;

const name = (alarm: Alarm, context: ResourceContext) => context.name(alarm.AlarmName, { maxLength: 255 });

async function put(alarm: Alarm, AlarmName: string, context: ResourceContext) {
  await context.call('monitoring', 'PutCompositeAlarm', { ...alarm, AlarmName });
  return alarmProvisioned(AlarmName, context);
}

export default defineResource({
  type: 'AWS::CloudWatch::CompositeAlarm',
  properties,
  replacedBy: ['AlarmName'],
  withoutService: {
    service: 'monitoring',
    describe: (alarm, context) => alarmProvisioned(name(alarm, context), context),
  },
  create: (alarm, context) => put(alarm, name(alarm, context), context),
  update: (alarm, context, { physicalId }) => put(alarm, physicalId, context),
  delete: deleteAlarm,
});
