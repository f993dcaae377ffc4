import type { Cloud } from '../../service.ts';
import { measureExecution } from './execution-metrics.ts';
import type { ExecutionRecord } from './records.ts';

/** Tells the default event bus that a STANDARD execution began or ended. Child executions of a Map Run tell nothing. */
export function emitStatusChange(cloud: Cloud, record: ExecutionRecord): void {
  if (record.mapRunArn !== undefined) return;
  measureExecution(cloud, record);
  if (record.type === 'EXPRESS') return;
  cloud.emit({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [record.arn],
    detail: {
      executionArn: record.arn,
      stateMachineArn: record.machineArn,
      name: record.name,
      status: record.status,
      startDate: record.startTime,
      stopDate: record.stopTime ?? null,
      input: record.input,
      output: record.output ?? null,
      stateMachineVersionArn: record.versionArn ?? null,
      stateMachineAliasArn: record.aliasArn ?? null,
      redriveCount: record.redriveCount,
      redriveDate: record.redriveTime ?? null,
      redriveStatus: null,
      redriveStatusReason: null,
      inputDetails: { included: true },
      outputDetails: record.output === undefined ? null : { included: true },
      error: record.error ?? null,
      cause: record.cause ?? null,
    },
  });
}
