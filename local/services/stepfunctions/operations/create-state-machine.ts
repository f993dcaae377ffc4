import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { machineArn } from '../arns.ts';
import type { StepFunctionsCore } from '../core.ts';
import { validLogging } from '../logging.ts';
import type { MachineRecord } from '../records.ts';
import { validDefinition } from '../valid-definition.ts';
import { validMachineSettings } from '../valid-machine-settings.ts';
import { validName } from '../valid-name.ts';

export const createStateMachine =
  (core: StepFunctionsCore): Operation =>
  async (input, { principal }) => {
    const { cloud, machines } = core;
    validName(input.name);
    validMachineSettings(input);
    const type = input.type ?? 'STANDARD';
    const loggingConfiguration = await validLogging(cloud, input.loggingConfiguration, principal);
    validDefinition(input.definition, type);
    const arn = machineArn(cloud, input.name);
    const now = cloud.clock.now();
    const wanted: MachineRecord = {
      arn,
      name: input.name,
      type,
      definition: input.definition,
      roleArn: input.roleArn,
      creationTime: now,
      updateTime: now,
      loggingConfiguration,
      tracingConfiguration: { enabled: input.tracingConfiguration?.enabled ?? false },
      tags: Object.fromEntries((input.tags ?? []).map((tag: { key: string; value: string }) => [tag.key, tag.value])),
      lastVersion: 0,
    };
    const existing = machines.get(arn);
    if (existing && !isSame(existing, wanted)) {
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    if (!existing) machines.set(arn, wanted);
    const machine = existing ?? wanted;
    const version = input.publish ? core.versions.publish(machine, input.versionDescription) : undefined;
    return {
      stateMachineArn: arn,
      creationDate: new Date(machine.creationTime),
      ...(version ? { stateMachineVersionArn: version.arn } : {}),
    };
  };

/** Creating a machine again just as it is changes nothing; role and tags do not count. */
function isSame(existing: MachineRecord, wanted: MachineRecord): boolean {
  const identity = ({ definition, type, loggingConfiguration, tracingConfiguration }: MachineRecord) =>
    JSON.stringify([definition, type, loggingConfiguration, tracingConfiguration]);
  return identity(existing) === identity(wanted);
}
