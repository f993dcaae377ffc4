import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { createStateMachine } from './create-state-machine.ts';
import { deleteStateMachine } from './delete-state-machine.ts';
import { describeExecution } from './describe-execution.ts';
import { describeStateMachine } from './describe-state-machine.ts';
import { getExecutionHistory } from './get-execution-history.ts';
import { listExecutions } from './list-executions.ts';
import { listStateMachines } from './list-state-machines.ts';
import { describeMapRun, listMapRuns } from './map-run.ts';
import { startExecution } from './start-execution.ts';
import { stopExecution } from './stop-execution.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './task-callbacks.ts';
import { updateStateMachine } from './update-state-machine.ts';

/** Every operation by its name in the API. */
export const operations: Readonly<Record<string, (core: StepFunctionsCore) => Operation>> = {
  CreateStateMachine: createStateMachine,
  DeleteStateMachine: deleteStateMachine,
  DescribeExecution: describeExecution,
  DescribeMapRun: describeMapRun,
  DescribeStateMachine: describeStateMachine,
  GetExecutionHistory: getExecutionHistory,
  ListExecutions: listExecutions,
  ListMapRuns: listMapRuns,
  ListStateMachines: listStateMachines,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
  SendTaskSuccess: sendTaskSuccess,
  StartExecution: startExecution,
  StopExecution: stopExecution,
  UpdateStateMachine: updateStateMachine,
};
