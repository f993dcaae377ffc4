import { AwsError } from '../../aws-error.ts';
import type { StepFunctionsCore } from './core.ts';
import type { Target } from './machine-versions.ts';
import type { ActivityRecord, ExecutionRecord, MachineRecord, MapRunRecord } from './records.ts';
import { validArn } from './valid-arn.ts';

const noMachine = (arn: string) => new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);

/** The machine of an unqualified ARN; throws StateMachineDoesNotExist. */
export function findMachine(core: StepFunctionsCore, arn: string): MachineRecord {
  validArn(arn, 'stateMachine');
  const found = core.machines.get(arn);
  if (!found) throw noMachine(arn);
  return found;
}

/** What the ARN of a machine, a version or an alias leads to; throws StateMachineDoesNotExist. */
export function findTarget(core: StepFunctionsCore, arn: string): Target {
  validArn(arn, 'stateMachine');
  const found = core.versions.find(arn);
  if (!found) throw noMachine(arn);
  return found;
}

/** The execution of an ARN; throws ExecutionDoesNotExist. */
export function findExecution(core: StepFunctionsCore, arn: string): ExecutionRecord {
  validArn(arn, 'execution');
  const found = core.executions.records.get(arn);
  if (!found) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return found;
}

/** The Map Run of an ARN; throws ResourceNotFound. */
export function findMapRun(core: StepFunctionsCore, arn: string): MapRunRecord {
  validArn(arn, 'mapRun');
  const found = core.mapRuns.records.get(arn);
  if (!found) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
  return found;
}

/** The activity of an ARN; throws ActivityDoesNotExist. */
export function findActivity(core: StepFunctionsCore, arn: string): ActivityRecord {
  validArn(arn, 'activity');
  const found = core.activities.records.get(arn);
  if (!found) throw new AwsError('ActivityDoesNotExist', `Activity Does Not Exist: '${arn}'`);
  return found;
}
