import { randomUUID } from 'node:crypto';
import type { Operation } from '../../../service.ts';
import { machineArn } from '../arns.ts';
import type { StepFunctionsCore } from '../core.ts';
import type { MachineRecord } from '../records.ts';
import { validDefinition } from '../valid-definition.ts';

export const createStateMachine =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const { cloud, machines } = core;
    validDefinition(input.definition);
    const arn = machineArn(cloud, input.name);
    const existing = machines.get(arn);
    if (existing) return { stateMachineArn: arn, creationDate: new Date(existing.creationTime) };
    const now = cloud.clock.now();
    const record: MachineRecord = {
      arn,
      name: input.name,
      type: input.type ?? 'STANDARD',
      definition: input.definition,
      roleArn: input.roleArn,
      creationTime: now,
      updateTime: now,
      revisionId: randomUUID(),
      loggingConfiguration: input.loggingConfiguration ?? { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: input.tracingConfiguration ?? { enabled: false },
      tags: Object.fromEntries((input.tags ?? []).map((tag: { key: string; value: string }) => [tag.key, tag.value])),
    };
    machines.set(arn, record);
    return { stateMachineArn: arn, creationDate: new Date(now) };
  };
