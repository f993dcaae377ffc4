import type { JsonObject } from '../json.ts';
import { StatesError, TaskTimeoutError } from '../states-error.ts';
import { checkedAnswer } from './checked-answer.ts';
import { withDeadline } from './deadline.ts';
import { scheduledSettings, type TaskKind } from './task-settings.ts';

/** A task whose Resource is a function's own ARN: it gets the argument, its answer is the result. */
export const lambdaTask: TaskKind = {
  async run(visit, settings) {
    const { branch, node } = visit;
    const { environment } = branch.run;
    const resource = node.resource!;
    if (resource.kind !== 'lambda') throw new Error(`${resource.arn} is no function`);
    const scheduledEventId = branch.record('LambdaFunctionScheduled', {
      resource: resource.arn,
      input: settings.argument.text,
      ...scheduledSettings(settings),
    });
    // Other branches schedule theirs before any is started.
    await Promise.resolve();
    const unstarted = environment.startFailure?.();
    if (unstarted) {
      branch.record('LambdaFunctionStartFailed', failureDetails(unstarted));
      throw unstarted;
    }
    branch.record('LambdaFunctionStarted');
    try {
      const { clock } = environment;
      const answer = await withDeadline(
        { clock, signal: branch.signal, timeoutSeconds: settings.timeoutSeconds },
        ({ signal, pause }) =>
          environment.call({
            resource,
            parameters: settings.argument.value,
            stateName: node.name,
            scheduledEventId,
            signal,
            pause,
            ...(settings.roleArn ? { roleArn: settings.roleArn } : {}),
          }),
      );
      const checked = checkedAnswer(answer, resource.arn);
      branch.record('LambdaFunctionSucceeded', { output: checked.text });
      return checked;
    } catch (error) {
      if (error instanceof StatesError) recordFailure(error, (type, details) => branch.record(type, details));
      throw error;
    }
  },

  async resume() {
    throw new Error('a function task hands out no token');
  },
};

function recordFailure(error: StatesError, record: (type: string, details: JsonObject) => void): void {
  const type = error instanceof TaskTimeoutError ? 'LambdaFunctionTimedOut' : 'LambdaFunctionFailed';
  record(type, failureDetails(error));
}

/** `error` and `cause` as failure events show them. */
export function failureDetails(error: StatesError): JsonObject {
  return {
    ...(error.error === undefined ? {} : { error: error.error }),
    ...(error.reason === undefined ? {} : { cause: error.reason }),
  };
}
