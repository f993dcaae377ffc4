import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findExecution } from '../find.ts';
import { paginate } from '../paginate.ts';
import { showEvent } from '../show-event.ts';

export const getExecutionHistory =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const { arn } = findExecution(core, input.executionArn);
    const all = core.histories.read(arn);
    const { items, nextToken } = paginate(core.cloud.clock, input.reverseOrder ? all.toReversed() : all, input);
    const includeData = input.includeExecutionData ?? true;
    return { events: items.map((event) => showEvent(event, includeData)), ...(nextToken ? { nextToken } : {}) };
  };
