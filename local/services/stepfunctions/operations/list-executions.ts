import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findMapRun, findTarget } from '../find.ts';
import { paginate } from '../paginate.ts';
import type { ExecutionRecord } from '../records.ts';

export const listExecutions =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const { stateMachineArn, mapRunArn, statusFilter: status, redriveFilter: redriven } = input;
    if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
      throw new AwsError('ValidationException', 'Must provide a StateMachine ARN or a MapRun ARN, and not both');
    }
    const matching = questioned(core, input)
      .filter((record) => status === undefined || record.status === status)
      .filter((record) => redriven === undefined || record.redriveCount > 0 === (redriven === 'REDRIVEN'))
      // Of those started in the same millisecond the later one comes first.
      .reverse()
      .sort((a, b) => b.startTime - a.startTime);
    const { items, nextToken } = paginate(core.cloud.clock, matching, input);
    return { executions: items.map(show), ...(nextToken ? { nextToken } : {}) };
  };

function questioned(
  core: StepFunctionsCore,
  input: { stateMachineArn?: string; mapRunArn?: string },
): ExecutionRecord[] {
  if (input.mapRunArn !== undefined) {
    findMapRun(core, input.mapRunArn);
    return core.mapRuns.children(input.mapRunArn);
  }
  const arn = input.stateMachineArn!;
  const { machine } = findTarget(core, arn);
  if (machine.type === 'EXPRESS') {
    throw new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
  }
  return [...core.executions.records.values()].filter((record) =>
    [record.machineArn, record.versionArn, record.aliasArn].includes(arn),
  );
}

function show(record: ExecutionRecord) {
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    name: record.name,
    status: record.status,
    startDate: new Date(record.startTime),
    ...(record.stopTime === undefined ? {} : { stopDate: new Date(record.stopTime) }),
    ...(record.mapRunArn === undefined ? {} : { mapRunArn: record.mapRunArn, itemCount: record.itemCount }),
    ...(record.versionArn === undefined ? {} : { stateMachineVersionArn: record.versionArn }),
    ...(record.aliasArn === undefined ? {} : { stateMachineAliasArn: record.aliasArn }),
    redriveCount: record.redriveCount,
    ...(record.redriveTime === undefined ? {} : { redriveDate: new Date(record.redriveTime) }),
  };
}
