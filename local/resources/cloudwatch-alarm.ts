import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value } from '../provisioning/shape.ts';
import { alarmProvisioned, alarmShape, deleteAlarm } from './alarms/alarm-shape.ts';

const metric = {
  Namespace: 'text',
  MetricName: 'text',
  Dimensions: [{ Name: 'text', Value: 'text' }],
} as const;

const properties = {
  ...alarmShape,
  ...metric,
  Statistic: 'text',
  ExtendedStatistic: 'text',
  Period: 'number',
  Unit: 'text',
  EvaluationPeriods: 'number',
  DatapointsToAlarm: 'number',
  Threshold: 'number',
  ThresholdMetricId: 'text',
  ComparisonOperator: 'text',
  TreatMissingData: 'text',
  EvaluateLowSampleCountPercentile: 'text',
  Metrics: [
    {
      Id: 'text',
      Expression: 'text',
      Label: 'text',
      ReturnData: 'flag',
      Period: 'number',
      AccountId: 'text',
      MetricStat: { Metric: metric, Period: 'number', Stat: 'text', Unit: 'text' },
    },
  ],
  Tags: tags,
} as const;

type Alarm = Value<typeof properties>;

const name = (alarm: Alarm, context: ResourceContext) => context.name(alarm.AlarmName, { maxLength: 255 });

async function put(alarm: Alarm, AlarmName: string, context: ResourceContext) {
  await context.call('monitoring', 'PutMetricAlarm', { ...alarm, AlarmName });
  return alarmProvisioned(AlarmName, context);
}

export default defineResource({
  type: 'AWS::CloudWatch::Alarm',
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
