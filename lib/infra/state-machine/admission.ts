import type { Plan } from '../../component/plan.ts';
import { references } from './references.ts';
import type { Json, States, TaskState } from './states-language.ts';

const admitted = 'Admitted?';
const wait = 'Wait for other runs';
const stop = 'Stop older run';
const skipped = 'Skipped';

/** A run waits for others at most this long. */
const waitSeconds = 7 * 24 * 3600;

/** Its way to publish is shut by then; this spares it the work until its next step. One that has ended stays as it is. */
const stopOlder: TaskState = {
  Type: 'Task',
  Resource: `arn:${references.partition}:states:::aws-sdk:sfn:stopExecution`,
  Arguments: {
    ExecutionArn:
      '{% $substringBefore($states.context.Execution.Id, $states.context.Execution.Name) & $admission.replaces %}',
    Error: 'RunCancelledError',
    Cause: "{% 'run ' & $states.context.Execution.Name & ' has taken its place' %}",
  },
  TimeoutSeconds: 60,
  Catch: [{ ErrorEquals: ['States.ALL'], Next: wait }],
  Output: {},
  Next: wait,
};

/** The way of a run whose pipeline limits its runs: it begins, asks again after a while, or ends without having begun. */
export interface AdmissionPath {
  /** Where Initialize leads. */
  readonly entry: string;
  /** Variables that Initialize sets besides. */
  readonly assign: { readonly [variable: string]: Json };
  readonly states: States;
  readonly waitSeconds: number;
}

export function admissionPath({ overlap, shares }: Plan, next: string): AdmissionPath {
  if (!overlap && !shares) return { entry: next, assign: {}, states: {}, waitSeconds: 0 };
  return {
    entry: admitted,
    assign: { admission: '{% $states.result.Payload.admission %}' },
    waitSeconds,
    states: {
      [admitted]: {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $admission.outcome = 'admitted' %}", Next: next },
          ...(overlap?.policy === 'replace' ? [{ Condition: '{% $exists($admission.replaces) %}', Next: stop }] : []),
          { Condition: "{% $admission.outcome = 'waiting' %}", Next: wait },
        ],
        Default: skipped,
      },
      ...(overlap?.policy === 'replace' && { [stop]: stopOlder }),
      [wait]: { Type: 'Wait', Seconds: '{% $admission.waitSeconds %}', Next: 'Initialize' },
      [skipped]: { Type: 'Succeed' },
    },
  };
}
