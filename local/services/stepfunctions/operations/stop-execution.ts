import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findExecution } from '../find.ts';

export const stopExecution =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const record = findExecution(core, input.executionArn);
    const stopped = await core.executions.stop(record.arn, input.error, input.cause);
    return { stopDate: new Date(stopped.stopTime!) };
  };
