import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findExecution, findMapRun } from '../find.ts';
import { paginate } from '../paginate.ts';
import type { ExecutionRecord, MapRunRecord } from '../records.ts';
import { redriveStatus } from '../redrive-status.ts';

export const listMapRuns =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const { arn } = findExecution(core, input.executionArn);
    const all = [...core.mapRuns.records.values()].filter((record) => record.executionArn === arn);
    all.sort((a, b) => b.startTime - a.startTime);
    const { items, nextToken } = paginate(core.cloud.clock, all, input);
    const mapRuns = items.map((record) => ({
      executionArn: record.executionArn,
      mapRunArn: record.arn,
      stateMachineArn: record.machineArn,
      startDate: new Date(record.startTime),
      ...(record.stopTime === undefined ? {} : { stopDate: new Date(record.stopTime) }),
    }));
    return { mapRuns, ...(nextToken ? { nextToken } : {}) };
  };

export const describeMapRun =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const record = findMapRun(core, input.mapRunArn);
    const children = core.mapRuns.children(record.arn);
    const lost = new Set(children.filter((child) => isLost(core, child)));
    return {
      mapRunArn: record.arn,
      executionArn: record.executionArn,
      status: record.status,
      startDate: new Date(record.startTime),
      ...(record.stopTime === undefined ? {} : { stopDate: new Date(record.stopTime) }),
      maxConcurrency: record.maxConcurrency,
      toleratedFailurePercentage: record.toleratedFailurePercentage,
      toleratedFailureCount: record.toleratedFailureCount,
      itemCounts: { ...counts(record, children, lost, (child) => child.itemCount ?? 1), total: record.itemTotal },
      executionCounts: { ...counts(record, children, lost, () => 1), total: children.length },
      redriveCount: record.redriveCount,
      ...(record.redriveTime === undefined ? {} : { redriveDate: new Date(record.redriveTime) }),
    };
  };

/** No redrive can help a child that failed and has used up its events or its time. */
function isLost(core: StepFunctionsCore, child: ExecutionRecord): boolean {
  const ended = child.status !== 'RUNNING' && child.status !== 'SUCCEEDED';
  return ended && redriveStatus(core, child).redriveStatus === 'NOT_REDRIVABLE';
}

function counts(
  record: MapRunRecord,
  children: readonly ExecutionRecord[],
  lost: ReadonlySet<ExecutionRecord>,
  weight: (child: ExecutionRecord) => number,
) {
  const total = (of: readonly ExecutionRecord[]) => of.reduce((sum, child) => sum + weight(child), 0);
  const sum = (status: string) => total(children.filter((child) => child.status === status));
  return {
    pending: sum('PENDING_REDRIVE'),
    running: sum('RUNNING'),
    succeeded: sum('SUCCEEDED'),
    failed: sum('FAILED'),
    timedOut: sum('TIMED_OUT'),
    aborted: sum('ABORTED'),
    resultsWritten: record.status === 'SUCCEEDED' ? total(children) : 0,
    failuresNotRedrivable: total([...lost]),
    pendingRedrive: sum('PENDING_REDRIVE'),
  };
}
