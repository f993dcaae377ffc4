import { RunStateError } from '../../core/errors/run-state-error.ts';
import type { Ports } from '../ports/ports.ts';
import { requireRun } from '../run/enter.ts';

export interface AcknowledgeRequest {
  readonly run: string;
  /** Who looks after it; kept with the run and in the audit. */
  readonly by: string;
}

/**
 * Says that somebody looks after a run that failed or waits for a decision: nobody else is told of it. Nothing else
 * changes. Throws `RunMissingError`, and `RunStateError` where it is in another state, or somebody has said so before.
 */
export async function acknowledgeRun(
  { runs, clock }: Pick<Ports, 'runs' | 'clock'>,
  { run, by }: AcknowledgeRequest,
): Promise<void> {
  const { state, phase, pipeline } = await requireRun({ runs }, run);
  if (state !== 'Failed' && phase !== 'Undecided')
    throw new RunStateError({
      problem: `run "${run}" needs nobody`,
      received: phase === undefined ? state : `${state} (${phase})`,
      allowed: ['Failed', 'AwaitingReview (Undecided)'],
      change: 'nothing was changed',
    });
  const at = clock.now();
  const earlier = await runs.acknowledge({ run, by, at }, { at, by, action: 'acknowledge', pipeline, run });
  if (earlier && earlier.by !== by)
    throw new RunStateError({
      problem: `somebody looks after run "${run}" already`,
      received: by,
      allowed: earlier.by,
      change: 'nothing was changed; ask them',
    });
}
