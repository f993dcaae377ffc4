import { AwsError } from '../../aws-error.ts';
import type { StepFunctionsCore } from './core.ts';
import type { ExecutionRecord, MachineRecord, MapRunRecord } from './records.ts';

/** The machine of an ARN; throws StateMachineDoesNotExist. */
export function findMachine(core: StepFunctionsCore, arn: string): MachineRecord {
  const found = core.machines.get(arn);
  if (!found) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  return found;
}

/** The execution of an ARN; throws ExecutionDoesNotExist. */
export function findExecution(core: StepFunctionsCore, arn: string): ExecutionRecord {
  const found = core.executions.records.get(arn);
  if (!found) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return found;
}

/** The Map Run of an ARN; throws ResourceNotFound. */
export function findMapRun(core: StepFunctionsCore, arn: string): MapRunRecord {
  const found = core.mapRuns.records.get(arn);
  if (!found) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
  return found;
}
