import { type Admission, admit } from '../admission/admit.ts';
import { wentOn } from '../admission/went-on.ts';
import type { ResumeInput } from '../messages.ts';
import { type PipelineCode, requirePlan } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { requireRun } from '../run/enter.ts';

/**
 * Takes again what a run lent while a person decided about it. It stands in line by when it started, as before. Asking
 * again is harmless. Throws `PlanChangedError`, and `RunStateError` for a run that has ended meanwhile.
 */
export async function resume(
  ports: Pick<Ports, 'leases' | 'runs' | 'clock' | 'logger'>,
  { plan }: PipelineCode,
  input: ResumeInput,
): Promise<{ readonly run: string; readonly admission: Admission }> {
  requirePlan(plan, input.planDigest);
  const { run } = input;
  const { transitions } = await requireRun(ports, run);
  const { overlap, ...shared } = plan;
  const during = [{ state: 'AwaitingReview', phase: 'Decided' }] as const;
  const since = transitions.at(-1)!.at;
  const admission = (await admit(ports, { plan: shared, input, during, since })) ?? (await wentOn(ports, run));
  ports.logger.info(admission.outcome === 'admitted' ? 'run goes on' : 'run waits for its shares', { run });
  return { run, admission };
}
