import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findMapRun } from '../find.ts';

/** Changes the limits of a Map Run; a running one keeps to them at once. */
export const updateMapRun =
  (core: StepFunctionsCore): Operation =>
  async ({ mapRunArn, ...limits }) => {
    core.mapRuns.changeLimits(findMapRun(core, mapRunArn).arn, limits);
    return {};
  };
