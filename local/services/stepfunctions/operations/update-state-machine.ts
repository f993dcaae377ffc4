import { randomUUID } from 'node:crypto';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findMachine } from '../find.ts';
import { validDefinition } from '../valid-definition.ts';

export const updateStateMachine =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const record = findMachine(core, input.stateMachineArn);
    if (input.definition !== undefined) validDefinition(input.definition);
    const updateTime = core.cloud.clock.now();
    const revisionId = randomUUID();
    core.machines.set(record.arn, {
      ...record,
      definition: input.definition ?? record.definition,
      roleArn: input.roleArn ?? record.roleArn,
      loggingConfiguration: input.loggingConfiguration ?? record.loggingConfiguration,
      tracingConfiguration: input.tracingConfiguration ?? record.tracingConfiguration,
      updateTime,
      revisionId,
    });
    return { updateDate: new Date(updateTime), revisionId };
  };
