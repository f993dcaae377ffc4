import type { JsonObject } from '../../states/json.ts';
import type { StepFunctionsCore } from './core.ts';
import type { ExecutionRecord } from './records.ts';
import { redriveStatus } from './redrive-status.ts';

/** An execution in the shape of DescribeExecution. */
export function describeExecution(core: StepFunctionsCore, record: ExecutionRecord): JsonObject {
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    name: record.name,
    status: record.status,
    startDate: new Date(record.startTime),
    ...(record.stopTime === undefined ? {} : { stopDate: new Date(record.stopTime) }),
    input: record.input,
    inputDetails: { included: true },
    ...(record.output === undefined ? {} : { output: record.output, outputDetails: { included: true } }),
    ...(record.traceHeader === undefined ? {} : { traceHeader: record.traceHeader }),
    ...(record.mapRunArn === undefined ? {} : { mapRunArn: record.mapRunArn }),
    ...(record.error === undefined ? {} : { error: record.error }),
    ...(record.cause === undefined ? {} : { cause: record.cause }),
    ...(record.versionArn === undefined ? {} : { stateMachineVersionArn: record.versionArn }),
    ...(record.aliasArn === undefined ? {} : { stateMachineAliasArn: record.aliasArn }),
    redriveCount: record.redriveCount,
    ...(record.redriveTime === undefined ? {} : { redriveDate: new Date(record.redriveTime) }),
    ...redriveStatus(core, record),
  };
}
