import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { alarm } from './alarm.ts';

export interface MachineAlarmsOptions {
  readonly machineArn: string;
  readonly topic: ITopic;
  /** What is wrong when it rings. Default: that a run failed. */
  readonly description?: string;
}

/** Rings when a run failed, or was cut off by the time limit of the whole run, which no Catch sees. */
export function machineAlarms(scope: Construct, { machineArn, topic, description }: MachineAlarmsOptions): void {
  const period = Duration.minutes(5);
  const runs = (metricName: string) =>
    new Metric({
      namespace: 'AWS/States',
      metricName,
      dimensionsMap: { StateMachineArn: machineArn },
      statistic: 'Sum',
      period,
    });
  alarm(scope, 'RunsFailedAlarm', {
    description: description ?? 'A run failed: its execution and its report say why; nothing of it was published',
    metric: new MathExpression({
      expression: 'failed + timedOut',
      usingMetrics: { failed: runs('ExecutionsFailed'), timedOut: runs('ExecutionsTimedOut') },
      label: 'Runs failed or timed out',
      period,
    }),
    above: 0,
    topic,
  });
}
