import type { Query } from '../metrics/queries.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What plain and composite alarms have in common. Times are milliseconds since the epoch. */
interface CommonAlarm {
  readonly name: string;
  readonly description?: string;
  readonly actionsEnabled: boolean;
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData?: string;
  readonly stateSince: number;
  readonly configuredAt: number;
}

export interface MetricAlarm extends CommonAlarm {
  readonly kind: 'metric';
  /** The metric members as PutMetricAlarm got them, for showing. */
  readonly given: Readonly<Record<string, any>>;
  readonly queries: readonly Query[];
  /** The id of the query that is compared. */
  readonly comparedId: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missing: MissingData;
}

export interface CompositeAlarm extends CommonAlarm {
  readonly kind: 'composite';
  readonly rule: string;
}

export type Alarm = MetricAlarm | CompositeAlarm;

export type MissingData = 'missing' | 'breaching' | 'notBreaching' | 'ignore';

export const comparisons = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;

export type Comparison = keyof typeof comparisons;
