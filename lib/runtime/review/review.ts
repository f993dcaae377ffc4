import { second } from '../../core/durations.ts';
import { lendShares } from '../admission/lend-shares.ts';
import type { ReviewInput } from '../messages.ts';
import { type PipelineCode, requirePlan } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { enter, requireRun } from '../run/enter.ts';

/**
 * Asks for a person's decision on a run, or reminds of it. The state that called waits for it, until the plan's deadline;
 * others have meanwhile what the run shares with them.
 * Throws `RunStateError` where it is reminded of and somebody has decided.
 */
export async function review(
  ports: Pick<Ports, 'runs' | 'leases' | 'bus' | 'clock' | 'logger'>,
  pipeline: PipelineCode,
  input: ReviewInput,
): Promise<{ readonly deadline: number }> {
  requirePlan(pipeline.plan, input.planDigest);
  const { reminds, run, taskToken } = input;
  const asked = reminds ? (await requireRun(ports, run)).review : undefined;
  const { gate } = pipeline.plan;
  const deadline = asked?.deadline ?? ports.clock.now() + gate.reviewSeconds * second;
  if (reminds) await remind(ports, input, deadline);
  await enter(ports, {
    run,
    from: [
      ...(reminds ? [] : [{ state: 'Running' as const, phase: 'Assessing' as const }]),
      { state: 'AwaitingReview', phase: 'Undecided' },
    ],
    to: { state: 'AwaitingReview', phase: 'Undecided' },
    facts: { review: { taskToken, deadline } },
  });
  await lendShares(ports, pipeline.plan, run);
  ports.logger.info(reminds ? 'review reminded of' : 'review requested', { run });
  return { deadline };
}

/** Before the change of state: a repeated step tells of it again, under the same id. */
async function remind(
  { runs, bus, clock }: Pick<Ports, 'runs' | 'bus' | 'clock'>,
  { pipeline, run }: ReviewInput,
  deadline: number,
): Promise<void> {
  const { phase, assess } = await requireRun({ runs }, run);
  if (phase !== 'Undecided') return;
  const detail = {
    deadline: new Date(deadline).toISOString(),
    ...(assess && { score: assess.score, report: assess.report }),
  };
  await bus.publish({ type: 'ReviewReminded', pipeline, run, at: clock.now(), detail });
}
