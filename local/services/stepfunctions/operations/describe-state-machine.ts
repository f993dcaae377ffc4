import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findMachine } from '../find.ts';

export const describeStateMachine =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const record = findMachine(core, input.stateMachineArn);
    return {
      stateMachineArn: record.arn,
      name: record.name,
      status: 'ACTIVE',
      definition: record.definition,
      roleArn: record.roleArn,
      type: record.type,
      creationDate: new Date(record.creationTime),
      loggingConfiguration: record.loggingConfiguration,
      tracingConfiguration: record.tracingConfiguration,
      revisionId: record.revisionId,
    };
  };
