import type { Cloud, ServiceEvent } from '../../../service.ts';
import type { Alarm, CompositeAlarm, MetricAlarm } from './alarm.ts';

/** A change of an alarm's state. */
export interface StateChange {
  readonly alarm: Alarm;
  readonly arn: string;
  readonly before: Pick<Alarm, 'state' | 'reason' | 'reasonData' | 'stateSince'>;
}

/** AWS writes offsets with four digits here and nowhere else. */
const time = (milliseconds: number) => new Date(milliseconds).toISOString().replace('Z', '+0000');

export function subjectOf({ alarm }: StateChange, region: string): string {
  return `${alarm.state}: "${alarm.name}" in ${region}`.slice(0, 100);
}

/** The message that a topic gets. */
export function topicMessage({ alarm, arn, before }: StateChange, cloud: Cloud): string {
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: cloud.accountId,
    AlarmConfigurationUpdatedTimestamp: time(alarm.configuredAt),
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: time(alarm.stateSince),
    Region: cloud.region,
    AlarmArn: arn,
    OldStateValue: before.state,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    ...(alarm.kind === 'metric' ? { Trigger: trigger(alarm) } : { AlarmRule: alarm.rule }),
  });
}

/** The event on the default bus. */
export function busEvent({ alarm, arn, before }: StateChange): ServiceEvent {
  return {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    resources: [arn],
    detail: detail(alarm, before),
  };
}

/** The event that a function gets. */
export function functionEvent({ alarm, arn, before }: StateChange, cloud: Cloud): string {
  return JSON.stringify({
    source: 'aws.cloudwatch',
    alarmArn: arn,
    accountId: cloud.accountId,
    time: time(alarm.stateSince),
    region: cloud.region,
    alarmData: detail(alarm, before),
  });
}

function detail(alarm: Alarm, before: StateChange['before']) {
  return {
    alarmName: alarm.name,
    state: state(alarm),
    previousState: state(before),
    configuration: alarm.kind === 'metric' ? metricConfiguration(alarm) : compositeConfiguration(alarm),
  };
}

function state({ state: value, reason, reasonData, stateSince }: StateChange['before']) {
  return { value, reason, ...(reasonData !== undefined && { reasonData }), timestamp: time(stateSince) };
}

function metricConfiguration({ queries, description }: MetricAlarm) {
  const metrics = queries.map(({ id, metric, periodSeconds, returnData, label }) => ({
    id,
    ...(metric && {
      metricStat: {
        metric: { namespace: metric.metric.namespace, name: metric.metric.name, dimensions: metric.metric.dimensions },
        period: periodSeconds,
        stat: metric.stat,
      },
    }),
    ...(!metric && { expression: label }),
    returnData,
  }));
  return { ...(description !== undefined && { description }), metrics };
}

function compositeConfiguration({ rule, description }: CompositeAlarm) {
  return { alarmRule: rule, ...(description !== undefined && { description }) };
}

function trigger({
  given,
  threshold,
  evaluationPeriods,
  comparison,
  periodSeconds,
  missing,
  datapointsToAlarm,
}: MetricAlarm) {
  return {
    ...(given.Metrics
      ? { Metrics: given.Metrics }
      : {
          MetricName: given.MetricName,
          Namespace: given.Namespace,
          StatisticType: given.ExtendedStatistic ? 'ExtendedStatistic' : 'Statistic',
          Statistic: String(given.ExtendedStatistic ?? given.Statistic).toUpperCase(),
          Unit: given.Unit ?? null,
          Dimensions: (given.Dimensions ?? []).map(({ Name, Value }: any) => ({ value: Value, name: Name })),
        }),
    Period: periodSeconds,
    EvaluationPeriods: evaluationPeriods,
    DatapointsToAlarm: datapointsToAlarm,
    ComparisonOperator: comparison,
    Threshold: threshold,
    TreatMissingData: missing,
    EvaluateLowSampleCountPercentile: given.EvaluateLowSampleCountPercentile ?? '',
  };
}
