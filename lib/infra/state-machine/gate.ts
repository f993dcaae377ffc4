import type { Gate } from '../../component/plan.ts';
import { callFunction } from './call-function.ts';
import { catchAll, compensate } from './failure.ts';
import { functionReference, placeholder, references } from './references.ts';
import { retryFunction } from './retry.ts';
import { runInput } from './run-input.ts';
import type { Catcher, States } from './states-language.ts';

const assess = 'Assess';
const gate = 'Gate';
const awaitReview = 'Await review';
const review = 'Review decision';
const expired = 'Deadline passed';
const release = 'Release in part';
const belowGate = 'Quality too low';
const rejected = 'Rejected in review';

/** From the assessment to the decision: pass, a person's review with a deadline, or fail. */
export function gatePath(plan: Gate, next: string): States {
  return {
    [assess]: callFunction('assess', {
      payload: '{% $run %}',
      timeoutSeconds: 930,
      assign: { assessment: '{% $states.result.Payload %}' },
      next: gate,
      catch: [catchAll(assess)],
    }),
    [gate]: {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $assessment.gate = 'pass' %}", Next: next },
        { Condition: "{% $assessment.gate = 'review' %}", Next: awaitReview },
      ],
      Default: belowGate,
    },
    [awaitReview]: {
      Type: 'Task',
      Resource: `arn:${references.partition}:states:::lambda:invoke.waitForTaskToken`,
      Arguments: {
        FunctionName: placeholder(functionReference('review')),
        Payload: "{% $merge([$run, { 'taskToken': $states.context.Task.Token }]) %}",
      },
      // A person sends no heartbeats: the deadline alone decides.
      TimeoutSeconds: plan.reviewSeconds,
      Retry: retryFunction,
      Catch: [
        plan.afterDeadline === undefined ? failAtDeadline(plan) : { ErrorEquals: ['States.Timeout'], Next: expired },
        catchAll(awaitReview),
      ],
      Assign: { decision: '{% $states.result.decision %}' },
      Next: review,
    },
    [review]: {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $decision = 'approve' %}", Next: next },
        { Condition: "{% $decision = 'release' %}", Next: release },
      ],
      Default: rejected,
    },
    [release]: callFunction('release', {
      payload: '{% $run %}',
      timeoutSeconds: 930,
      next,
      catch: [catchAll(release)],
    }),
    ...(plan.afterDeadline !== undefined && {
      [expired]: callFunction('review', {
        payload: "{% $merge([$run, { 'expired': true }]) %}",
        timeoutSeconds: 90,
        assign: { decision: '{% $states.result.Payload.decision %}' },
        next: review,
        catch: [catchAll(expired)],
      }),
    }),
    [belowGate]: refuse(
      gate,
      'QualityGateError',
      "{% 'score ' & $string($assessment.score) & ', see ' & $assessment.report %}",
    ),
    [rejected]: refuse(awaitReview, 'ReviewRejectedError', "{% 'rejected by a person, see ' & $assessment.report %}"),
  };
}

function failAtDeadline({ reviewSeconds }: Gate): Catcher {
  return {
    ErrorEquals: ['States.Timeout'],
    Next: compensate,
    Assign: {
      run: runInput,
      failedState: awaitReview,
      failure: { Error: 'ReviewExpiredError', Cause: `nobody decided within ${reviewSeconds} seconds` },
    },
  };
}

/** A run that is refused fails like one that broke, under a name of its own. */
function refuse(state: string, error: string, cause: string): States[string] {
  return {
    Type: 'Pass',
    Assign: { failedState: state, failure: { Error: error, Cause: cause } },
    Output: {},
    Next: compensate,
  };
}
