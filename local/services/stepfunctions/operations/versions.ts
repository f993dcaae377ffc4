import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findMachine } from '../find.ts';
import { paginate } from '../paginate.ts';
import { validArn } from '../valid-arn.ts';

export const publishStateMachineVersion =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const machine = findMachine(core, input.stateMachineArn);
    const current = machine.revisionId ?? 'INITIAL';
    if (input.revisionId !== undefined && input.revisionId !== current) {
      throw new AwsError(
        'ConflictException',
        `Failed to publish the State Machine version for revision ${input.revisionId}. The current State Machine revision is ${current}.`,
      );
    }
    const version = core.versions.publish(machine, input.description);
    return { creationDate: new Date(version.creationTime), stateMachineVersionArn: version.arn };
  };

export const listStateMachineVersions =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const { arn } = findMachine(core, input.stateMachineArn);
    const { items, nextToken } = paginate(core.cloud.clock, core.versions.of(arn), input);
    const stateMachineVersions = items.map((version) => ({
      stateMachineVersionArn: version.arn,
      creationDate: new Date(version.creationTime),
    }));
    return { stateMachineVersions, ...(nextToken ? { nextToken } : {}) };
  };

/** A version that an alias leads to cannot be deleted; deleting what is not there is no error. */
export const deleteStateMachineVersion =
  (core: StepFunctionsCore): Operation =>
  async ({ stateMachineVersionArn: arn }) => {
    validArn(arn, 'stateMachine');
    const using = [...core.versions.aliases.values()].filter(({ routing }) =>
      routing.some(({ stateMachineVersionArn }) => stateMachineVersionArn === arn),
    );
    if (using.length > 0) {
      const names = using.map(({ name }) => name).join(', ');
      const message = `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names}]`;
      throw new AwsError('ConflictException', message);
    }
    core.versions.versions.delete(arn);
    return {};
  };
