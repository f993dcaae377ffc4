import type { AlarmState, MissingData } from './alarm.ts';

export interface Evaluation {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missing: MissingData;
  isBreaching(value: number): boolean;
}

/**
 * The state that an alarm's latest datapoints mean, oldest first, undefined where a period has none; undefined where the
 * alarm keeps its state. More points than evaluation periods may be given: then the latest that are there count.
 */
export function evaluateDatapoints(points: readonly (number | undefined)[], alarm: Evaluation): AlarmState | undefined {
  const there = points.filter((value) => value !== undefined).slice(-alarm.evaluationPeriods);
  const breaching = there.filter((value) => alarm.isBreaching(value)).length;
  const absent = alarm.evaluationPeriods - there.length;
  if (breaching >= alarm.datapointsToAlarm) return 'ALARM';
  if (absent === 0) return 'OK';
  switch (alarm.missing) {
    case 'breaching':
      return breaching + absent >= alarm.datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return breaching < there.length ? 'OK' : undefined;
    case 'missing':
      if (there.length === 0) return 'INSUFFICIENT_DATA';
      return breaching < there.length ? 'OK' : 'ALARM';
  }
}
