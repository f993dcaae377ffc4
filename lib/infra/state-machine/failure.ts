import { callFunction } from './call-function.ts';
import { putEvent } from './put-event.ts';
import { runInput } from './run-input.ts';
import type { Catcher, Json, States } from './states-language.ts';

export const compensate = 'Compensate';
const notifyFailure = 'Notify failure';
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

/** An error that came without a cause still gives both fields: a Fail state may not evaluate to nothing. */
const caught: Json = {
  Error: '{% $states.errorOutput.Error %}',
  Cause: "{% $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '' %}",
};

/** The way of every failed run: undo, tell, fail under the name of what went wrong first. */
export function failurePath(): States {
  return {
    [compensate]: callFunction('compensate', {
      payload: "{% $merge([$run, { 'error': $failure, 'state': $failedState }]) %}",
      timeoutSeconds: 930,
      assign: { compensated: true },
      next: notifyFailure,
      // What could not be undone is told with the failure; the run fails under its first error all the same.
      catch: [{ ErrorEquals: ['States.ALL'], Next: notifyFailure, Assign: { compensated: false } }],
    }),
    [notifyFailure]: putEvent('PipelineFailed', {
      detail: {
        pipeline: '{% $run.pipeline %}',
        run: '{% $run.run %}',
        planDigest: '{% $run.planDigest %}',
        state: '{% $failedState %}',
        error: '{% $failure %}',
        compensated: '{% $compensated %}',
      },
      next: failed,
      // The execution's own failure and its alarm still tell.
      catch: [{ ErrorEquals: ['States.ALL'], Next: failed }],
    }),
    [failed]: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
  };
}
