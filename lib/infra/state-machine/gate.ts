import { type Plan, reviewReminderSeconds } from '../../component/plan.ts';
import { callFunction } from './call-function.ts';
import { catchAll, compensate } from './failure.ts';
import { functionReference, placeholder, references } from './references.ts';
import { retryFunction } from './retry.ts';
import type { Catcher, States } from './states-language.ts';

const assess = 'Assess';
const gate = 'Gate';
const awaitReview = 'Await review';
const reminded = 'Await review, reminded';
const review = 'Review decision';
const expired = 'Deadline passed';
const release = 'Release in part';
const takeShares = 'Take shares again';
const sharesTaken = 'Shares taken?';
const waitForShares = 'Wait for shares';
const belowGate = 'Quality too low';
const rejected = 'Rejected in review';

/** From the assessment to the decision: pass, a person's review with a deadline, or fail. */
export function gatePath({ gate: plan, shares }: Plan, next: string): States {
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
        {
          Condition: '{% $exists($assessment.decision) %}',
          Assign: { decision: '{% $assessment.decision %}', byDeadline: false },
          Next: review,
        },
        { Condition: "{% $assessment.gate = 'review' %}", Next: awaitReview },
      ],
      Default: belowGate,
    },
    [awaitReview]: awaitDecision({
      state: awaitReview,
      payload: "{% $merge([$run, { 'taskToken': $states.context.Task.Token }]) %}",
      seconds: plan.reviewSeconds - reviewReminderSeconds(plan),
      over: [{ ErrorEquals: ['States.Timeout'], Next: reminded }],
    }),
    // Asked once more, with a token of its own, by who has not answered yet.
    [reminded]: awaitDecision({
      state: reminded,
      payload: "{% $merge([$run, { 'taskToken': $states.context.Task.Token, 'reminds': true }]) %}",
      seconds: reviewReminderSeconds(plan),
      // Somebody may have decided between the two, whose token was no good any more.
      over: [{ ErrorEquals: ['States.Timeout', 'RunStateError'], Next: expired }],
    }),
    [review]: {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $decision = 'approve' %}", Next: shares ? takeShares : next },
        { Condition: "{% $decision = 'release' %}", Next: shares ? takeShares : release },
      ],
      Default: rejected,
    },
    ...(shares && sharesPath(next)),
    [release]: callFunction('release', {
      payload: '{% $run %}',
      timeoutSeconds: 930,
      next,
      catch: [catchAll(release)],
    }),
    [expired]: callFunction('review', {
      payload: "{% $merge([$run, { 'expired': true }]) %}",
      timeoutSeconds: 90,
      assign: {
        decision: '{% $states.result.Payload.decision %}',
        byDeadline: '{% $states.result.Payload.byDeadline %}',
      },
      next: review,
      catch: [catchAll(expired)],
    }),
    [belowGate]: refuse(
      gate,
      'QualityGateError',
      "{% ($exists($assessment.why) ? $assessment.why : 'score ' & $string($assessment.score)) & ', see ' & $assessment.report %}",
    ),
    [rejected]: refuse(
      awaitReview,
      "{% $byDeadline ? 'ReviewExpiredError' : 'ReviewRejectedError' %}",
      `{% ($byDeadline ? 'nobody decided within ${plan.reviewSeconds} seconds' : 'rejected by a person') & ', see ' & $assessment.report %}`,
    ),
  };
}

/** What the run shares with others, these had while a person decided. */
function sharesPath(next: string): States {
  return {
    [takeShares]: callFunction('initialize', {
      payload: "{% $merge([$run, { 'resumes': true }]) %}",
      timeoutSeconds: 90,
      assign: { admission: '{% $states.result.Payload.admission %}' },
      next: sharesTaken,
      catch: [catchAll(takeShares)],
    }),
    [sharesTaken]: {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $admission.outcome != 'admitted' %}", Next: waitForShares },
        { Condition: "{% $decision = 'release' %}", Next: release },
      ],
      Default: next,
    },
    [waitForShares]: { Type: 'Wait', Seconds: '{% $admission.waitSeconds %}', Next: takeShares },
  };
}

interface Waiting {
  readonly state: string;
  readonly payload: string;
  readonly seconds: number;
  /** What is done when the time is over. */
  readonly over: readonly Catcher[];
}

/** Puts the run before a person, and waits. A person sends no heartbeats: the time alone decides. */
function awaitDecision({ state, payload, seconds, over }: Waiting): States[string] {
  return {
    Type: 'Task',
    Resource: `arn:${references.partition}:states:::lambda:invoke.waitForTaskToken`,
    Arguments: { FunctionName: placeholder(functionReference('review')), Payload: payload },
    TimeoutSeconds: seconds,
    Retry: retryFunction,
    Catch: [...over, catchAll(state)],
    Assign: { decision: '{% $states.result.decision %}', byDeadline: false },
    Next: review,
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
