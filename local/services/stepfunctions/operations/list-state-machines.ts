import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { paginate } from '../paginate.ts';

export const listStateMachines =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const all = [...core.machines.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = paginate(core.cloud.clock, all, input);
    const stateMachines = items.map((record) => ({
      stateMachineArn: record.arn,
      name: record.name,
      type: record.type,
      creationDate: new Date(record.creationTime),
    }));
    return { stateMachines, ...(nextToken ? { nextToken } : {}) };
  };
