import type { ReviewExpiredInput } from '../messages.ts';
import { type PipelineCode, requirePlan } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { ReviewDecision } from '../ports/run-store.ts';
import { requireRun } from '../run/enter.ts';

/**
 * Decides on a run on which nobody has in time, as its pipeline says. Where somebody's decision was kept in the last
 * moment and only did not reach the machine, that one counts.
 */
export async function expireReview(
  ports: Pick<Ports, 'runs' | 'clock' | 'logger'>,
  { plan }: PipelineCode,
  input: ReviewExpiredInput,
): Promise<{ readonly decision: ReviewDecision; readonly byDeadline: boolean }> {
  requirePlan(plan, input.planDigest);
  const { run } = input;
  const record = await requireRun(ports, run);
  const decision = plan.gate.afterDeadline ?? 'reject';
  const by = 'the deadline';
  const { pipeline } = input;
  const at = ports.clock.now();
  const decided = await ports.runs.change({
    run,
    from: [{ state: 'AwaitingReview', phase: 'Undecided' }],
    to: { state: 'AwaitingReview', phase: 'Decided' },
    at,
    facts: { review: { ...record.review!, decision, by, ...(decision === 'release' && { hold: {} }) } },
    audit: { at, by, action: decision, pipeline, run },
  });
  const kept = decided ? undefined : (await requireRun(ports, run)).review;
  const found = kept?.decision ?? decision;
  ports.logger.info('review expired', { run, decision: found });
  return { decision: found, byDeadline: (kept?.by ?? by) === by };
}
