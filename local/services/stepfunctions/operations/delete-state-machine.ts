import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { validArn } from '../valid-arn.ts';

/** Deleting what is not there is no error. Running executions go on to their end. */
export const deleteStateMachine =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    validArn(input.stateMachineArn, 'stateMachine');
    core.machines.delete(input.stateMachineArn);
    core.versions.deleteOf(input.stateMachineArn);
    return {};
  };
