import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { maxHistoryEvents } from '../../../states/history.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findExecution } from '../find.ts';
import type { ExecutionRecord } from '../records.ts';

const redrivableMilliseconds = 14 * 24 * 60 * 60 * 1000;

/** Goes on with an execution that failed, timed out or was stopped, from the state where it did. */
export const redriveExecution =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const record = findExecution(core, input.executionArn);
    const reason = whyNot(core, record);
    if (reason !== undefined) throw new AwsError('ExecutionNotRedrivable', reason);
    const redriven = core.executions.redrive(record);
    return { redriveDate: new Date(redriven.redriveTime!) };
  };

function whyNot(core: StepFunctionsCore, record: ExecutionRecord): string | undefined {
  const cannot = (why: string) => `Execution ${why} and cannot be redriven`;
  if (record.status === 'RUNNING' || record.status === 'SUCCEEDED') return cannot(`is ${record.status}`);
  if (record.mapRunArn !== undefined) return cannot('is the child of a Map Run');
  if (core.cloud.clock.now() - record.stopTime! > redrivableMilliseconds) return cannot('ended more than 14 days ago');
  if (core.histories.read(record.arn).length >= maxHistoryEvents - 1) return cannot('has used up its history events');
  return undefined;
}
