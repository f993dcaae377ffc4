import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findExecution } from '../find.ts';
import { redriveStatus } from '../redrive-status.ts';

/** A request that is repeated with its token within this time is the same request. */
const tokenMilliseconds = 15 * 60 * 1000;

/** Goes on with an execution that failed, timed out or was stopped, from the state where it did. */
export const redriveExecution =
  (core: StepFunctionsCore): Operation =>
  async ({ executionArn, clientToken }) => {
    const record = findExecution(core, executionArn);
    const earlier = record.redriveTokens?.find(({ token }) => token === clientToken);
    if (earlier && core.cloud.clock.now() - earlier.time <= tokenMilliseconds) {
      return { redriveDate: new Date(earlier.time) };
    }
    const { redriveStatus: status, redriveStatusReason: reason } = redriveStatus(core, record);
    if (status !== 'REDRIVABLE') {
      throw new AwsError('ExecutionNotRedrivable', reason ?? 'Execution is redrivable only by its Map Run');
    }
    const redriven = core.executions.redrive(record, clientToken);
    return { redriveDate: new Date(redriven.redriveTime!) };
  };
