import { isObject, type Json, type JsonObject } from '../json.ts';
import { Suspension } from '../run-machine.ts';
import { StatesError } from '../states-error.ts';
import type { Integration } from './integration.ts';
import { capitalized } from './names.ts';
import { sdkMetadata } from './sdk-metadata.ts';

/** `arn:aws:states:::states:startExecution`, with `.sync` (answers as text) and `.sync:2` (answers parsed). */
export const states: Integration = {
  errorPrefix: 'StepFunctions',
  serviceName: 'AWSStepFunctions',
  async call(task, caller) {
    const { StateMachineArn, Name, Input, TraceHeader } = task.parameters;
    const output = await caller.call('states', 'StartExecution', {
      stateMachineArn: StateMachineArn,
      ...(Name === undefined ? {} : { name: Name }),
      ...(Input === undefined ? {} : { input: typeof Input === 'string' ? Input : JSON.stringify(Input) }),
      ...(TraceHeader === undefined ? {} : { traceHeader: TraceHeader }),
    });
    const metadata = sdkMetadata({
      requestId: caller.requestId,
      time: caller.now(),
      body: output,
      connectionHeader: 'connection',
    });
    return { output: { ExecutionArn: output.executionArn, ...metadata, StartDate: millis(output.startDate) } };
  },

  async awaitJob(task, submitted, caller) {
    const executionArn = submitted.output.ExecutionArn;
    const stop = () => {
      // What a suspended execution waits for goes on, too. Stopping is tried; a role that may not is no failure.
      if (!(task.signal.reason instanceof Suspension))
        caller.call('states', 'StopExecution', { executionArn }).catch(() => {});
    };
    task.signal.addEventListener('abort', stop, { once: true });
    const described = await caller
      .awaitExecution(executionArn)
      .finally(() => task.signal.removeEventListener('abort', stop));
    const parsed = task.resource.kind === 'service' && task.resource.pattern === 'sync:2';
    const shown = shownExecution(described, parsed);
    if (described.status === 'SUCCEEDED') return { output: shown };
    throw new StatesError('States.TaskFailed', JSON.stringify(shown), { fromTask: true });
  },
};

const hidden = new Set([
  'mapRunArn',
  'redriveCount',
  'redriveStatus',
  'redriveStatusReason',
  'redriveDate',
  'traceHeader',
]);
const documents = new Set(['input', 'output']);

function shownExecution(described: JsonObject, parsed: boolean): JsonObject {
  const shown: JsonObject = {};
  for (const key of Object.keys(described).sort()) {
    const value = described[key];
    if (value === undefined || hidden.has(key)) continue;
    shown[capitalized(key)] = parsed && documents.has(key) ? JSON.parse(value) : shownValue(value);
  }
  return shown;
}

function shownValue(value: Json): Json {
  if (value instanceof Date) return millis(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [capitalized(key), member]));
}

const millis = (date: Date) => date.getTime();
