import type { Cloud } from '../../service.ts';
import type { ExecutionRecord } from './records.ts';

const outcomes: Readonly<Record<string, string>> = {
  ExecutionsSucceeded: 'SUCCEEDED',
  ExecutionsFailed: 'FAILED',
  ExecutionsTimedOut: 'TIMED_OUT',
  ExecutionsAborted: 'ABORTED',
};

/** Tells CloudWatch that an execution began or ended. An end counts 1 for its outcome and 0 for every other, as on AWS. */
export function measureExecution(cloud: Cloud, record: ExecutionRecord): void {
  const measure = (name: string, value: number, unit = 'Count') =>
    cloud.measure({ namespace: 'AWS/States', name, dimensions: { StateMachineArn: record.machineArn }, value, unit });
  if (record.stopTime === undefined) {
    measure('ExecutionsStarted', 1);
    return;
  }
  for (const [name, status] of Object.entries(outcomes)) measure(name, record.status === status ? 1 : 0);
  measure('ExecutionTime', record.stopTime - record.startTime, 'Milliseconds');
}
