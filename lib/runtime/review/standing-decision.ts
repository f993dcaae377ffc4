import type { AssessOutput } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import { enter } from '../run/enter.ts';

type Standing = NonNullable<AssessOutput['decision']>;

/**
 * What was decided on a run before it was redriven; undefined where nobody has let it go. It stands, for its rows are the
 * same ones. Another decision would publish other rows under the names that the first one's files and manifests have.
 */
export function standingDecision({ assess, review }: Pick<RunRecord, 'assess' | 'review'>): Standing | undefined {
  return assess && (review?.decision === 'approve' || review?.decision === 'release') ? review.decision : undefined;
}

/** Lets a run go on as was decided. Throws `RunStateError` where it is not at its gate. */
export async function letGoAgain(
  ports: Pick<Ports, 'runs' | 'clock' | 'logger'>,
  { run, assess }: RunRecord,
  decision: Standing,
): Promise<AssessOutput> {
  const decided = { state: 'AwaitingReview', phase: 'Decided' } as const;
  await enter(ports, { run, from: [{ state: 'Running', phase: 'Executing' }, decided], to: decided });
  ports.logger.info('run was let go before', { run, decision });
  const { gate, score, report } = assess!;
  return { gate, score, report, decision };
}
