import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';

export const deleteStateMachine =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    core.machines.delete(input.stateMachineArn);
    return {};
  };
