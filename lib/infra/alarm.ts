import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface AlarmOptions {
  /** What is wrong and what to do about it. */
  readonly description: string;
  readonly metric: IMetric;
  /** Rings as soon as one period lies above. */
  readonly above: number;
  readonly topic: ITopic;
}

/** An alarm to the alarm topic. No data is no reason to ring: an idle pipeline has none. */
export function alarm(scope: Construct, id: string, { description, metric, above, topic }: AlarmOptions): void {
  new Alarm(scope, id, {
    alarmDescription: description,
    metric,
    threshold: above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  }).addAlarmAction(new SnsAction(topic));
}
