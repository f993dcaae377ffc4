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
  ports: Pick<Ports, 'runs' | 'audit' | 'clock' | 'logger'>,
  { plan }: PipelineCode,
  input: ReviewExpiredInput,
): Promise<{ readonly decision: ReviewDecision; readonly byDeadline: boolean }> {
  requirePlan(plan, input.planDigest);
  const { run } = input;
  const record = await requireRun(ports, run);
  const decision = plan.gate.afterDeadline ?? 'reject';
  const by = 'the deadline';
  const decided = await ports.runs.change({
    run,
    from: [{ state: 'AwaitingReview', phase: 'Undecided' }],
    to: { state: 'AwaitingReview', phase: 'Decided' },
    at: ports.clock.now(),
    facts: { review: { ...record.review!, decision, by, ...(decision === 'release' && { hold: {} }) } },
  });
  const { pipeline } = input;
  if (decided) await ports.audit.add({ at: ports.clock.now(), by, action: decision, pipeline, run });
  const kept = decided ? undefined : (await requireRun(ports, run)).review;
  const found = kept?.decision ?? decision;
  ports.logger.info('review expired', { run, decision: found });
  return { decision: found, byDeadline: (kept?.by ?? by) === by };
}
