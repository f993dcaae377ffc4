import type { JsonObject } from '../../states/json.ts';
import { variableReferences } from '../../states/variable-references.ts';
import type { MachineRecord } from './records.ts';

/** What the descriptions of a machine and of the machine of an execution have in common. */
export function describeMachine(machine: Omit<MachineRecord, 'definition'>, definition: string): JsonObject {
  const references = variableReferences(JSON.parse(definition));
  return {
    name: machine.name,
    definition,
    roleArn: machine.roleArn,
    loggingConfiguration: machine.loggingConfiguration,
    tracingConfiguration: machine.tracingConfiguration,
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    ...(machine.revisionId === undefined ? {} : { revisionId: machine.revisionId }),
    ...(Object.keys(references).length === 0 ? {} : { variableReferences: references }),
  };
}
