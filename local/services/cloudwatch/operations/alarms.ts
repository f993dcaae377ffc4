import { AwsError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Operation } from '../../../service.ts';
import type { Alarm, AlarmState } from '../alarms/alarm.ts';
import type { AlarmStore } from '../alarms/alarm-store.ts';
import type { AlarmEvaluator } from '../alarms/evaluator.ts';
import { invalidValue } from '../errors.ts';
import { metricKey, metricOf } from '../metrics/metric.ts';
import { milliseconds } from '../time.ts';

const pageSize = 100;

/** The page that an input asks for. */
const pageOf = ({ NextToken, MaxRecords = pageSize }: any) => ({
  token: NextToken,
  size: MaxRecords,
  member: 'maxRecords',
  most: pageSize,
});

const noSuchAlarm = (name: string) => new AwsError('ResourceNotFound', `Unknown alarm: ${name}`, 404);

export function describeAlarms(alarms: AlarmStore): Operation {
  return async (input) => {
    refuseUnknown('monitoring:DescribeAlarms', input, [
      'AlarmNames',
      'AlarmNamePrefix',
      'AlarmTypes',
      'StateValue',
      'ActionPrefix',
      'MaxRecords',
      'NextToken',
    ]);
    if (input.AlarmNames?.length && input.AlarmNamePrefix != null)
      throw new AwsError('ValidationError', 'AlarmNames and AlarmNamePrefix exclude each other');
    const types: string[] = input.AlarmTypes ?? ['MetricAlarm'];
    const found = alarms.all().filter(
      (alarm) =>
        types.includes(alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm') &&
        (!input.AlarmNames?.length || input.AlarmNames.includes(alarm.name)) &&
        alarm.name.startsWith(input.AlarmNamePrefix ?? '') &&
        (input.StateValue === undefined || alarm.state === input.StateValue) &&
        (input.ActionPrefix === undefined ||
          Object.values(alarm.actions)
            .flat()
            .some((arn) => arn.startsWith(input.ActionPrefix))),
    );
    const { page: asked, next: NextToken } = paginate(found, pageOf(input));
    const page = asked.map((alarm) => ({ kind: alarm.kind, shown: shown(alarms, alarm) }));
    return {
      MetricAlarms: page.filter(({ kind }) => kind === 'metric').map((one) => one.shown),
      CompositeAlarms: page.filter(({ kind }) => kind === 'composite').map((one) => one.shown),
      NextToken,
    };
  };
}

export function describeAlarmsForMetric(alarms: AlarmStore): Operation {
  return async (input) => {
    refuseUnknown('monitoring:DescribeAlarmsForMetric', input, [
      'MetricName',
      'Namespace',
      'Dimensions',
      'Statistic',
      'ExtendedStatistic',
      'Period',
      'Unit',
    ]);
    const key = metricKey(metricOf(input));
    const asks = (alarm: Alarm) =>
      alarm.kind === 'metric' && alarm.queries.some(({ metric }) => metric && metricKey(metric.metric) === key);
    return {
      MetricAlarms: alarms
        .all()
        .filter(asks)
        .map((alarm) => shown(alarms, alarm)),
    };
  };
}

/** DeleteAlarms: all of them, or none where one is not there. */
export function deleteAlarms(alarms: AlarmStore): Operation {
  return async (input) => {
    const names: string[] = input.AlarmNames ?? [];
    const unknown = names.find((name) => !alarms.get(name));
    if (unknown !== undefined) throw noSuchAlarm(unknown);
    for (const name of names) alarms.delete(name);
    return {};
  };
}

export function setAlarmState(alarms: AlarmStore, evaluator: AlarmEvaluator): Operation {
  return async (input) => {
    const alarm = alarms.get(input.AlarmName);
    if (!alarm) throw noSuchAlarm(input.AlarmName);
    if (!['OK', 'ALARM', 'INSUFFICIENT_DATA'].includes(input.StateValue)) {
      throw invalidValue(`The value ${input.StateValue} for parameter StateValue is invalid.`);
    }
    evaluator.setState(alarm, input.StateValue as AlarmState, input.StateReason ?? '', input.StateReasonData);
    return {};
  };
}

/** EnableAlarmActions and DisableAlarmActions. */
export function switchActions(alarms: AlarmStore, actionsEnabled: boolean): Operation {
  return async (input) => {
    for (const name of input.AlarmNames ?? []) {
      const alarm = alarms.get(name);
      if (alarm) alarms.set({ ...alarm, actionsEnabled });
    }
    return {};
  };
}

export function describeAlarmHistory(alarms: AlarmStore): Operation {
  return async (input) => {
    refuseUnknown('monitoring:DescribeAlarmHistory', input, [
      'AlarmName',
      'AlarmTypes',
      'HistoryItemType',
      'StartDate',
      'EndDate',
      'MaxRecords',
      'NextToken',
      'ScanBy',
    ]);
    const start = input.StartDate == null ? Number.NEGATIVE_INFINITY : milliseconds(input.StartDate);
    const end = input.EndDate == null ? Number.POSITIVE_INFINITY : milliseconds(input.EndDate);
    const found = alarms
      .history()
      .filter(
        (item) =>
          (input.AlarmName === undefined || item.alarm === input.AlarmName) &&
          (input.HistoryItemType === undefined || item.kind === input.HistoryItemType) &&
          item.at >= start &&
          item.at <= end,
      );
    // The store keeps the order in which things happened; the latest come first unless asked otherwise.
    if (input.ScanBy !== 'TimestampAscending') found.reverse();
    const { page, next: NextToken } = paginate(found, pageOf(input));
    const AlarmHistoryItems = page.map((item) => ({
      AlarmName: item.alarm,
      AlarmType: item.alarmKind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm',
      Timestamp: new Date(item.at),
      HistoryItemType: item.kind,
      HistorySummary: item.summary,
      HistoryData: item.data,
    }));
    return { AlarmHistoryItems, NextToken };
  };
}

function shown(alarms: AlarmStore, alarm: Alarm) {
  const common = {
    AlarmName: alarm.name,
    AlarmArn: alarms.arn(alarm.name),
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData,
    StateUpdatedTimestamp: new Date(alarm.stateSince),
    StateTransitionedTimestamp: new Date(alarm.stateSince),
  };
  if (alarm.kind === 'composite') return { ...common, AlarmRule: alarm.rule };
  return {
    ...common,
    ...alarm.given,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missing,
  };
}
