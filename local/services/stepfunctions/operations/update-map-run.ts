import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findMapRun } from '../find.ts';

/** Changes the limits of a Map Run; a running one keeps to them from its next child execution on. */
export const updateMapRun =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const record = findMapRun(core, input.mapRunArn);
    core.mapRuns.update(record.arn, {
      ...(input.maxConcurrency === undefined ? {} : { maxConcurrency: input.maxConcurrency }),
      ...(input.toleratedFailureCount === undefined ? {} : { toleratedFailureCount: input.toleratedFailureCount }),
      ...(input.toleratedFailurePercentage === undefined
        ? {}
        : { toleratedFailurePercentage: input.toleratedFailurePercentage }),
    });
    return {};
  };
