import { defineAlarm } from './alarms/define-alarm.ts';

const metric = {
  Namespace: 'text',
  MetricName: 'text',
  Dimensions: [{ Name: 'text', Value: 'text' }],
} as const;

export default defineAlarm({
  type: 'AWS::CloudWatch::Alarm',
  operation: 'PutMetricAlarm',
  properties: {
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
  },
});
