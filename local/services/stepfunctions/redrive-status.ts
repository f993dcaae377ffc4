import { maxHistoryEvents } from '../../states/history.ts';
import type { StepFunctionsCore } from './core.ts';
import type { ExecutionRecord } from './records.ts';

const redrivableMilliseconds = 14 * 24 * 60 * 60 * 1000;
const longestMilliseconds = 365 * 24 * 60 * 60 * 1000;

/** Whether an execution can be redriven, and why not. */
export function redriveStatus(
  core: StepFunctionsCore,
  record: ExecutionRecord,
): { redriveStatus: string; redriveStatusReason?: string } {
  const redriveStatusReason = whyNot(core, record);
  if (redriveStatusReason !== undefined) return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
  return { redriveStatus: record.mapRunArn === undefined ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN' };
}

function whyNot(core: StepFunctionsCore, record: ExecutionRecord): string | undefined {
  const { status, stopTime, startTime, type, machineArn } = record;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  // The machine of a child is the part of its parent's that follows the slash.
  if (!core.machines.has(machineArn.split('/')[0]!)) return 'State machine is in DELETING status';
  const now = core.cloud.clock.now();
  if (stopTime !== undefined && now - stopTime > redrivableMilliseconds) return 'Execution redrivable period exceeded';
  if (type === 'EXPRESS') return undefined;
  if (now - startTime > longestMilliseconds) return 'Execution has exceeded the max execution time';
  // The event that tells of the redrive and the one that ends the execution need their places.
  const full = core.histories.read(record.arn).length >= maxHistoryEvents - 1;
  return full ? 'Execution history event limit exceeded' : undefined;
}
