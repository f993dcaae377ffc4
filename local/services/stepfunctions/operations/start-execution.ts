import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findTarget } from '../find.ts';
import { newExecution } from '../new-execution.ts';
import type { ExecutionRecord } from '../records.ts';
import { validInput } from '../valid-input.ts';
import { validName } from '../valid-name.ts';

export const startExecution =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    if (input.name !== undefined) validName(input.name);
    const target = findTarget(core, input.stateMachineArn);
    const text = validInput(input.input);
    const name = input.name ?? randomUUID();
    const record = newExecution(core, { target, name, input: text, traceHeader: input.traceHeader });
    const earlier = core.executions.records.get(record.arn);
    if (earlier) return again(earlier, text);
    if (record.type === 'EXPRESS') void core.executions.runExpress(record);
    else void core.executions.start(record);
    return { executionArn: record.arn, startDate: new Date(record.startTime) };
  };

/** The same name and input while it runs is the same request; any other use of the name is refused. */
function again(earlier: ExecutionRecord, text: string) {
  if (earlier.status === 'RUNNING' && earlier.input === text) {
    return { executionArn: earlier.arn, startDate: new Date(earlier.startTime) };
  }
  throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${earlier.arn}'`);
}
