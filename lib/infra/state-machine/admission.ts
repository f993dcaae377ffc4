import type { Plan } from '../../component/plan.ts';
import type { Json, States } from './states-language.ts';

const admitted = 'Admitted?';
const wait = 'Wait for other runs';
const skipped = 'Skipped';

/** A run waits for others at most this long. */
const waitSeconds = 7 * 24 * 3600;

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
          { Condition: "{% $admission.outcome = 'waiting' %}", Next: wait },
        ],
        Default: skipped,
      },
      [wait]: { Type: 'Wait', Seconds: '{% $admission.waitSeconds %}', Next: 'Initialize' },
      [skipped]: { Type: 'Succeed' },
    },
  };
}
