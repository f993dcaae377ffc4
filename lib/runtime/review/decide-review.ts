import { ReviewRejectedError } from '../../core/errors/review-rejected-error.ts';
import { RunStateError } from '../../core/errors/run-state-error.ts';
import { failureOf } from '../failure.ts';
import type { ReviewOutput } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { Hold, Review, ReviewDecision } from '../ports/run-store.ts';
import { enter, requireRun } from '../run/enter.ts';

export interface Decision {
  readonly run: string;
  readonly decision: ReviewDecision;
  /** What is held where the decision is `release`. Default: rows that break any rule. */
  readonly hold?: Hold;
  /** Who decides; kept with the run. */
  readonly by: string;
}

/**
 * Takes a person's decision and lets the run go on. The first decision counts; the same person giving the same again is harmless.
 * Throws `RunMissingError`, and `RunStateError` where no review is open or it was decided otherwise.
 */
export async function decideReview(
  ports: Pick<Ports, 'runs' | 'tasks' | 'clock' | 'logger'>,
  { run, decision, by, hold }: Decision,
): Promise<void> {
  const { review, pipeline, phase } = await requireRun(ports, run);
  const decided = phase === 'Decided' && review !== undefined;
  const again =
    decided &&
    review.decision === decision &&
    review.by === by &&
    (decision !== 'release' || heldText(review.hold) === heldText(hold));
  if (decided && !again) throw tooLate({ run, decision, by, hold }, review);
  if (review && !review.taskToken) throw tokenLost(run, review);
  if (!again) {
    await enter(ports, {
      run,
      from: [{ state: 'AwaitingReview', phase: 'Undecided' }],
      to: { state: 'AwaitingReview', phase: 'Decided' },
      facts: { review: { ...review!, decision, by, ...(decision === 'release' && { hold: hold ?? {} }) } },
      // From here on the decision counts, whatever becomes of the answer.
      audit: { at: ports.clock.now(), by, action: decision, pipeline, run, ...(hold && { detail: { hold } }) },
    });
  }
  await answer(ports, review!, { run, decision, by });
  ports.logger.info('review decided', { run, decision });
}

/**
 * A token may be no good any more because an earlier answer got through, or the machine has just asked anew or seen the
 * deadline pass: then it finds what is decided by itself. Throws `RunStateError` where the run has ended otherwise.
 */
async function answer(
  ports: Pick<Ports, 'runs' | 'tasks'>,
  review: Review,
  { run, decision, by }: Decision,
): Promise<void> {
  const reached =
    decision !== 'reject'
      ? await ports.tasks.succeed(review.taskToken, { decision, by } satisfies ReviewOutput)
      : await ports.tasks.fail(review.taskToken, failureOf(rejected(run, by)));
  if (reached === 'accepted' || decision === 'reject') return;
  const { state, phase } = await requireRun(ports, run);
  if (state !== 'Failed' && state !== 'Cancelled' && phase !== 'Compensating') return;
  throw new RunStateError({
    problem: `the review of run "${run}" is over`,
    received: `the decision to ${decision}, deadline ${new Date(review.deadline).toISOString()}`,
    change: 'start the pipeline again; the input files are untouched',
  });
}

function tooLate({ run, decision, by, hold }: Decision, review: Review): RunStateError {
  const text = (one: ReviewDecision, held: Hold | undefined) =>
    one === 'release' ? `release, holding ${heldText(held)}` : one;
  return new RunStateError({
    problem: `the review of run "${run}" was decided before`,
    received: `the decision to ${text(decision, hold)} by ${by}`,
    allowed: `a run that still waits for its decision; ${review.by} decided to ${text(review.decision!, review.hold)}`,
    change: 'nothing was changed; see what became of the run with `npx penstock run show`',
  });
}

/** What is held, for people; equal where it is the same. */
function heldText({ rules, tables }: Hold = {}): string {
  const rows = rules ? `rows that break ${[...rules].sort().join(', ') || 'no rule'}` : 'rows that break any rule';
  return tables && tables.length > 0 ? `${rows} and all of ${[...tables].sort().join(', ')}` : rows;
}

/** Tokens are in no event, so a record that was put back from the archive has none. */
function tokenLost(run: string, { deadline }: Review): RunStateError {
  return new RunStateError({
    problem: `the review of run "${run}" can not be decided: its record was put back from the archive, which has no tokens`,
    received: 'a run without the token that its execution waits for',
    allowed: `its deadline, ${new Date(deadline).toISOString()}, or \`npx penstock run cancel ${run}\``,
    change: 'nothing was changed: wait for the deadline, or cancel the run and try it again',
  });
}

function rejected(run: string, by: string): ReviewRejectedError {
  return new ReviewRejectedError({
    problem: `run "${run}" was rejected in review`,
    received: `a rejection by ${by}`,
    change: 'mend the data or the rules and start the pipeline again',
  });
}
