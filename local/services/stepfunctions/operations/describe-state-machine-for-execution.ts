import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { describeMachine } from '../describe-machine.ts';
import { findExecution } from '../find.ts';

/** The machine as it was when the execution started. */
export const describeStateMachineForExecution =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const record = findExecution(core, input.executionArn);
    const mapRun = record.mapRunArn === undefined ? undefined : core.mapRuns.records.get(record.mapRunArn);
    return {
      ...describeMachine(record.machine, core.definitions.text(record.definitionDigest)),
      stateMachineArn: record.machineArn,
      updateDate: new Date(record.machine.updateTime),
      ...(mapRun ? { mapRunArn: mapRun.arn, ...(mapRun.label === undefined ? {} : { label: mapRun.label }) } : {}),
    };
  };
