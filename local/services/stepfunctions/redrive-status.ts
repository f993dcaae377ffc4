import type { ExecutionRecord } from './records.ts';

/** Whether an execution can be redriven, and why not. */
export function redriveStatus(record: ExecutionRecord): { redriveStatus: string; redriveStatusReason?: string } {
  if (record.status === 'RUNNING' || record.status === 'SUCCEEDED') {
    return {
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: `Execution is ${record.status} and cannot be redriven`,
    };
  }
  return { redriveStatus: record.mapRunArn === undefined ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN' };
}
