import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { executionArn } from '../arns.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findMachine } from '../find.ts';
import type { ExecutionRecord } from '../records.ts';
import { validInput } from '../valid-input.ts';

export const startExecution =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const machine = findMachine(core, input.stateMachineArn);
    const text = validInput(input.input);
    const name = input.name ?? randomUUID();
    const arn = executionArn(core.cloud, machine.name, name);
    const earlier = core.executions.records.get(arn);
    if (earlier) return again(earlier, text);
    const record: ExecutionRecord = {
      arn,
      name,
      machineArn: machine.arn,
      machineName: machine.name,
      type: machine.type,
      roleArn: machine.roleArn,
      definitionDigest: core.definitions.keep(machine.definition),
      input: text,
      startTime: core.cloud.clock.now(),
      status: 'RUNNING',
      redriveCount: 0,
      ...(input.traceHeader === undefined ? {} : { traceHeader: input.traceHeader }),
    };
    void core.executions.start(record).catch(() => {});
    return { executionArn: arn, startDate: new Date(record.startTime) };
  };

/** The same name and input while it runs is the same request; any other use of the name is refused. */
function again(earlier: ExecutionRecord, text: string) {
  if (earlier.status === 'RUNNING' && earlier.input === text) {
    return { executionArn: earlier.arn, startDate: new Date(earlier.startTime) };
  }
  throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${earlier.arn}'`);
}
