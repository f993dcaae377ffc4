import { isoTime } from '../../states/iso-time.ts';
import type { JsonObject } from '../../states/json.ts';
import type { ExecutionRecord } from './records.ts';

/** A child execution as ResultWriter describes it. */
export function describeChild(record: ExecutionRecord): JsonObject {
  return {
    ...(record.cause === undefined ? {} : { Cause: record.cause }),
    ...(record.error === undefined ? {} : { Error: record.error }),
    ExecutionArn: record.arn,
    Input: record.input,
    InputDetails: { Included: true },
    Name: record.name,
    ...(record.output === undefined ? {} : { Output: record.output, OutputDetails: { Included: true } }),
    RedriveCount: record.redriveCount,
    RedriveStatus: record.status === 'SUCCEEDED' ? 'NOT_REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN',
    ...(record.status === 'SUCCEEDED' ? { RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' } : {}),
    StartDate: isoTime(record.startTime),
    StateMachineArn: record.machineArn,
    Status: record.status,
    ...(record.stopTime === undefined ? {} : { StopDate: isoTime(record.stopTime) }),
  };
}
