import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findMachine } from '../find.ts';
import { paginate } from '../paginate.ts';
import type { AliasRecord } from '../records.ts';
import { validArn } from '../valid-arn.ts';
import { validRouting } from '../valid-routing.ts';

/** As AWS writes it, needless backslash included: the pattern stands in its message. */
// biome-ignore lint/complexity/noUselessEscapeInRegex: see above
const aliasName = /^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$/;

export const createStateMachineAlias =
  (core: StepFunctionsCore): Operation =>
  async ({ name, description, routingConfiguration }) => {
    if (!aliasName.test(name)) {
      const wanted = `Member must satisfy regular expression pattern: ${aliasName.source}`;
      const problem = `Value '${name}' at 'name' failed to satisfy constraint: ${wanted}`;
      throw new AwsError('ValidationException', `1 validation error detected: ${problem}`);
    }
    const { machineArn, routing } = validRouting(core, routingConfiguration);
    const arn = `${machineArn}:${name}`;
    const existing = core.versions.aliases.get(arn);
    if (existing) {
      if (existing.description === description && JSON.stringify(existing.routing) === JSON.stringify(routing)) {
        return { stateMachineAliasArn: arn, creationDate: new Date(existing.creationTime) };
      }
      const message =
        'Failed to create alias because an alias with the same name and a different routing configuration already exists.';
      throw new AwsError('ConflictException', message);
    }
    const now = core.cloud.clock.now();
    const alias: AliasRecord = {
      arn,
      name,
      machineArn,
      routing,
      creationTime: now,
      updateTime: now,
      ...(description === undefined ? {} : { description }),
    };
    core.versions.aliases.set(arn, alias);
    return { stateMachineAliasArn: arn, creationDate: new Date(now) };
  };

export const updateStateMachineAlias =
  (core: StepFunctionsCore): Operation =>
  async ({ stateMachineAliasArn: arn, description, routingConfiguration }) => {
    const alias = findAlias(core, arn);
    if (description === undefined && routingConfiguration === undefined) {
      throw new AwsError(
        'MissingRequiredParameter',
        'Either the description or the routingConfiguration must be specified',
      );
    }
    const routing = routingConfiguration ? validRouting(core, routingConfiguration).routing : alias.routing;
    const updateTime = core.cloud.clock.now();
    core.versions.aliases.set(arn, {
      ...alias,
      routing,
      updateTime,
      ...(description === undefined ? {} : { description }),
    });
    return { updateDate: new Date(updateTime) };
  };

export const describeStateMachineAlias =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const alias = findAlias(core, input.stateMachineAliasArn);
    return {
      stateMachineAliasArn: alias.arn,
      name: alias.name,
      ...(alias.description === undefined ? {} : { description: alias.description }),
      routingConfiguration: alias.routing,
      creationDate: new Date(alias.creationTime),
      updateDate: new Date(alias.updateTime),
    };
  };

export const listStateMachineAliases =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const machine = findMachine(core, input.stateMachineArn);
    const { items, nextToken } = paginate(core.cloud.clock, core.versions.aliasesOf(machine.arn), input);
    const stateMachineAliases = items.map((alias) => ({
      stateMachineAliasArn: alias.arn,
      creationDate: new Date(alias.creationTime),
    }));
    return { stateMachineAliases, ...(nextToken ? { nextToken } : {}) };
  };

/** Deleting what is not there is no error. */
export const deleteStateMachineAlias =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    validArn(input.stateMachineAliasArn, 'stateMachine');
    core.versions.aliases.delete(input.stateMachineAliasArn);
    return {};
  };

function findAlias(core: StepFunctionsCore, arn: string): AliasRecord {
  validArn(arn, 'stateMachine');
  const alias = core.versions.aliases.get(arn);
  if (!alias) throw new AwsError('ResourceNotFound', 'Request references a resource that does not exist.');
  return alias;
}
