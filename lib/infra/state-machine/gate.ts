import type { Gate } from '../../component/plan.ts';
import { callFunction } from './call-function.ts';
import { catchAll, compensate } from './failure.ts';
import { functionReference, placeholder, references } from './references.ts';
import { retryFunction } from './retry.ts';
import { runInput } from './run-input.ts';
import type { States } from './states-language.ts';

const assess = 'Assess';
const gate = 'Gate';
const awaitReview = 'Await review';
const review = 'Review decision';
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
        {
          ErrorEquals: ['States.Timeout'],
          Next: compensate,
          Assign: {
            run: runInput,
            failedState: awaitReview,
            failure: { Error: 'ReviewExpiredError', Cause: `nobody decided within ${plan.reviewSeconds} seconds` },
          },
        },
        catchAll(awaitReview),
      ],
      Assign: { decision: '{% $states.result.decision %}' },
      Next: review,
    },
    [review]: {
      Type: 'Choice',
      Choices: [{ Condition: "{% $decision = 'approve' %}", Next: next }],
      Default: rejected,
    },
    [belowGate]: refuse(
      gate,
      'QualityGateError',
      "{% 'score ' & $string($assessment.score) & ', see ' & $assessment.report %}",
    ),
    [rejected]: refuse(awaitReview, 'ReviewRejectedError', "{% 'rejected by a person, see ' & $assessment.report %}"),
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
