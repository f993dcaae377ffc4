import { jsonHttp } from '../../protocols/json.ts';
import type { Operation, Permission, Service, ServiceFactory, ServiceMetric } from '../../service.ts';
import { AlarmActions } from './alarms/actions.ts';
import { AlarmStore } from './alarms/alarm-store.ts';
import { AlarmEvaluator } from './alarms/evaluator.ts';
import { bucketOf } from './metrics/bucket.ts';
import { MetricStore } from './metrics/metric-store.ts';
import { alarmTagOperations } from './operations/alarm-tags.ts';
import {
  deleteAlarms,
  describeAlarmHistory,
  describeAlarms,
  describeAlarmsForMetric,
  setAlarmState,
  switchActions,
} from './operations/alarms.ts';
import { dashboardOperations } from './operations/dashboards.ts';
import { getMetricData, getMetricStatistics, listMetrics, putMetricData } from './operations/metric-data.ts';
import { putCompositeAlarm, putMetricAlarm } from './operations/put-alarms.ts';

/** CloudWatch, with a door for the metrics of other services. */
export interface CloudwatchService extends Service {
  /** Takes a value of an AWS service's metric. */
  record(metric: ServiceMetric): void;
}

/** Amazon CloudWatch: metrics by the minute, alarms on the clock, dashboards. */
export const createCloudwatch: ServiceFactory = (cloud): CloudwatchService => {
  const metrics = new MetricStore(cloud);
  const alarms = new AlarmStore(cloud);
  const actions = new AlarmActions(cloud);
  const evaluator = new AlarmEvaluator(cloud, alarms, metrics, actions);
  const operations: Record<string, Operation> = {
    PutMetricData: putMetricData(metrics, cloud.clock),
    GetMetricData: getMetricData(metrics),
    GetMetricStatistics: getMetricStatistics(metrics),
    ListMetrics: listMetrics(metrics),
    PutMetricAlarm: putMetricAlarm(cloud, alarms, evaluator),
    PutCompositeAlarm: putCompositeAlarm(cloud, alarms, evaluator),
    DescribeAlarms: describeAlarms(alarms),
    DescribeAlarmsForMetric: describeAlarmsForMetric(alarms),
    DescribeAlarmHistory: describeAlarmHistory(alarms),
    DeleteAlarms: deleteAlarms(alarms),
    SetAlarmState: setAlarmState(alarms, evaluator),
    EnableAlarmActions: switchActions(alarms, true),
    DisableAlarmActions: switchActions(alarms, false),
    ...dashboardOperations(cloud),
    ...alarmTagOperations(alarms),
  };
  const permissions = (operation: string, input: any): readonly Permission[] => {
    const action = `cloudwatch:${operation}`;
    if (operation === 'PutMetricData') {
      return [{ action, resource: '*', conditions: { 'cloudwatch:namespace': String(input.Namespace) } }];
    }
    if (input.ResourceARN !== undefined) return [{ action, resource: String(input.ResourceARN) }];
    const names: string[] = input.AlarmName === undefined ? (input.AlarmNames ?? []) : [input.AlarmName];
    if (names.length > 0) return names.map((name) => ({ action, resource: alarms.arn(name) }));
    const dashboards: string[] =
      input.DashboardName === undefined ? (input.DashboardNames ?? []) : [input.DashboardName];
    if (dashboards.length === 0) return [{ action, resource: '*' }];
    return dashboards.map((name) => ({ action, resource: `arn:aws:cloudwatch::${cloud.accountId}:dashboard/${name}` }));
  };
  return {
    name: 'monitoring',
    operations,
    permissions,
    http: jsonHttp(cloud, 'monitoring', { version: '1.0', errorNamespace: 'com.amazonaws.cloudwatch#' }),
    record: (metric) =>
      metrics.add(metric, metric.unit ?? 'None', metric.at ?? cloud.clock.now(), bucketOf(metric.value)),
    async start() {
      actions.start();
      evaluator.watch();
    },
    async close() {
      evaluator.close();
      await actions.close();
    },
  };
};
