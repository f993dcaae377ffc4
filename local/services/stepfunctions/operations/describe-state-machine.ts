import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { describeMachine } from '../describe-machine.ts';
import { findTarget } from '../find.ts';

export const describeStateMachine =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const { machine, version } = findTarget(core, input.stateMachineArn);
    return {
      ...describeMachine(machine, machine.definition),
      stateMachineArn: version?.arn ?? machine.arn,
      status: 'ACTIVE',
      type: machine.type,
      creationDate: new Date(version?.creationTime ?? machine.creationTime),
      ...(version?.description === undefined ? {} : { description: version.description }),
    };
  };
