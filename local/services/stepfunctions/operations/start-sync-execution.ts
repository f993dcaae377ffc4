import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { describeExecution } from '../describe-execution.ts';
import { findTarget } from '../find.ts';
import { newExecution } from '../new-execution.ts';
import { validInput } from '../valid-input.ts';
import { validName } from '../valid-name.ts';

const billedStepMilliseconds = 100;
const billedMegabytes = 64;

/** Runs an express workflow and answers with how it ended. */
export const startSyncExecution =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    if (input.name !== undefined) validName(input.name);
    const target = findTarget(core, input.stateMachineArn);
    if (target.machine.type !== 'EXPRESS') {
      const message = 'This operation is not supported by this type of state machine';
      throw new AwsError('StateMachineTypeNotSupported', message);
    }
    const name = input.name ?? randomUUID();
    const record = newExecution(core, { target, name, input: validInput(input.input), traceHeader: input.traceHeader });
    const ended = await core.executions.runExpress(record);
    const described = describeExecution(core, ended);
    const { executionArn, stateMachineArn, status, startDate, stopDate, output, error, cause, traceHeader } = described;
    const duration = Math.max(1, ended.stopTime! - ended.startTime);
    const hidden = input.includedData === 'METADATA_ONLY';
    return {
      executionArn,
      stateMachineArn,
      name,
      startDate,
      stopDate,
      status,
      ...(error === undefined || hidden ? {} : { error }),
      ...(cause === undefined || hidden ? {} : { cause }),
      ...(hidden ? {} : { input: described.input }),
      inputDetails: { included: !hidden },
      ...(output === undefined || hidden ? {} : { output }),
      outputDetails: { included: !hidden },
      ...(traceHeader === undefined ? {} : { traceHeader }),
      billingDetails: {
        billedMemoryUsedInMB: billedMegabytes,
        billedDurationInMilliseconds: Math.ceil(duration / billedStepMilliseconds) * billedStepMilliseconds,
      },
    };
  };
