import { second } from '../../core/durations.ts';
import type { ReviewInput } from '../messages.ts';
import { type PipelineCode, requirePlan } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { enter } from '../run/enter.ts';

/** Asks for a person's decision on a run. The state that called waits for it, until the plan's deadline. */
export async function review(
  ports: Pick<Ports, 'runs' | 'clock' | 'logger'>,
  pipeline: PipelineCode,
  input: ReviewInput,
): Promise<{ readonly deadline: number }> {
  requirePlan(pipeline.plan, input.planDigest);
  const deadline = ports.clock.now() + pipeline.plan.gate.reviewSeconds * second;
  await enter(ports, {
    run: input.run,
    from: [
      { state: 'Running', phase: 'Assessing' },
      { state: 'AwaitingReview', phase: 'Undecided' },
    ],
    to: { state: 'AwaitingReview', phase: 'Undecided' },
    facts: { review: { taskToken: input.taskToken, deadline } },
  });
  ports.logger.info('review requested', { run: input.run });
  return { deadline };
}
