import { callFunction } from './call-function.ts';
import { completed } from './end-states.ts';
import { functionReference, placeholder, references } from './references.ts';
import { retryConclusion } from './retry.ts';
import { runInput } from './run-input.ts';
import type { Catcher, Json, States } from './states-language.ts';

export const compensate = 'Compensate';
const undone = 'Published after all?';
const failed = 'Failed';

/** Everything that goes wrong after this state is remembered as its failure, and undone. */
export function catchAll(state: string): Catcher {
  return {
    ErrorEquals: ['States.ALL'],
    Next: compensate,
    // `run` too, because what fails first is perhaps the state that sets it.
    Assign: { run: runInput, failedState: state, failure: caught },
  };
}

/** What timed out comes with a cause of null, which a Fail state does not take. */
const caught: Json = {
  Error: '{% $states.errorOutput.Error %}',
  Cause: "{% $type($states.errorOutput.Cause) = 'string' ? $states.errorOutput.Cause : '' %}",
};

/**
 * The way of every failed run: undo, then fail under the name of what went wrong first. A run that had published a
 * part before it failed is brought to its end instead, and then counts as completed.
 */
export function failurePath(): States {
  return {
    [compensate]: callFunction('compensate', {
      payload: "{% $merge([$run, { 'error': $failure, 'state': $failedState }]) %}",
      timeoutSeconds: 930,
      // A Map that failed knows no reason; compensation does, from the chunk's own record.
      assign: {
        compensated: '{% $states.result.Payload.state %}',
        failure: {
          Error: '{% $states.result.Payload.failure.error %}',
          Cause: '{% $states.result.Payload.failure.message %}',
        },
      },
      next: undone,
      // What could not be undone is undone once the execution has ended; it fails under its first error all the same.
      catch: [{ ErrorEquals: ['States.ALL'], Next: failed }],
    }),
    [undone]: {
      Type: 'Choice',
      Choices: [{ Condition: "{% $compensated = 'Completed' %}", Next: completed }],
      Default: failed,
    },
    // No Fail state: a redrive goes on from the state that failed, and a Fail state can only fail again.
    [failed]: {
      Type: 'Task',
      Resource: `arn:${references.partition}:states:::lambda:invoke`,
      Arguments: {
        FunctionName: placeholder(functionReference('compensate')),
        Payload: "{% $merge([$run, { 'error': $failure, 'concludes': true }]) %}",
      },
      TimeoutSeconds: 930,
      Retry: retryConclusion,
      Output: {},
      Next: 'Initialize',
    },
  };
}
