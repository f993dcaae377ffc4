import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findMachine } from '../find.ts';
import { validLogging } from '../logging.ts';
import type { MachineRecord } from '../records.ts';
import { validDefinition } from '../valid-definition.ts';
import { validMachineSettings } from '../valid-machine-settings.ts';

const settings = ['definition', 'roleArn', 'loggingConfiguration', 'tracingConfiguration', 'encryptionConfiguration'];

export const updateStateMachine =
  (core: StepFunctionsCore): Operation =>
  async (input, { principal }) => {
    const record = findMachine(core, input.stateMachineArn);
    if (settings.every((setting) => input[setting] === undefined || input[setting] === null)) {
      const message =
        'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified';
      throw new AwsError('MissingRequiredParameter', message);
    }
    validMachineSettings(input);
    if (typeof input.definition === 'string') validDefinition(input.definition, record.type);
    const loggingConfiguration = input.loggingConfiguration
      ? await validLogging(core.cloud, input.loggingConfiguration, principal)
      : record.loggingConfiguration;
    const updated: MachineRecord = {
      ...record,
      definition: input.definition ?? record.definition,
      roleArn: input.roleArn ?? record.roleArn,
      loggingConfiguration,
      tracingConfiguration: input.tracingConfiguration
        ? { enabled: input.tracingConfiguration.enabled ?? false }
        : record.tracingConfiguration,
      updateTime: core.cloud.clock.now(),
    };
    const machine = isChanged(record, updated) ? { ...updated, revisionId: randomUUID() } : updated;
    core.machines.set(record.arn, machine);
    const version = input.publish ? core.versions.publish(machine, input.versionDescription) : undefined;
    return {
      updateDate: new Date(machine.updateTime),
      ...(machine.revisionId === undefined ? {} : { revisionId: machine.revisionId }),
      ...(version ? { stateMachineVersionArn: version.arn } : {}),
    };
  };

function isChanged(before: MachineRecord, after: MachineRecord): boolean {
  const content = ({ definition, roleArn, loggingConfiguration, tracingConfiguration }: MachineRecord) =>
    JSON.stringify([definition, roleArn, loggingConfiguration, tracingConfiguration]);
  return content(before) !== content(after);
}
