import type { Branch } from './branch.ts';
import type { BranchProgress, Checkpoint } from './environment.ts';
import type { Visit } from './visit.ts';

/** How far a branch has come. */
export function progressOf(branch: Branch): BranchProgress {
  const { current, left, lastEventId } = branch;
  if (current) return { at: checkpointOf(current) };
  if (!left) return null;
  if (left.next === undefined) return { output: left.output.text };
  return { at: { state: left.next, input: left.output.text, lastEventId, variables: branch.scope.own() } };
}

/** Where `visit` stands, as a checkpoint to go on from. */
export function checkpointOf(visit: Visit): Checkpoint {
  const { branch } = visit;
  const inner = visit.progress?.();
  return {
    state: visit.node.name,
    input: visit.input.text,
    entered: { eventId: visit.enteredEventId, time: visit.enteredTime },
    lastEventId: branch.lastEventId,
    variables: branch.scope.own(),
    retries: [...visit.retriesUsed],
    ...(visit.mapRunStarted ? { mapRunStarted: true } : {}),
    ...(inner ? { inner } : {}),
  };
}

/** Where a redriven branch goes on: at the state that it was in, whose own work begins anew: its waits, its retries. */
export function redrivenFrom(
  branch: Branch,
  { waiting: _waiting, retries: _retries, entered, ...from }: Checkpoint,
): Checkpoint {
  const { lastEventId, run } = branch;
  const again = entered && { ...entered, time: run.environment.clock.now() };
  return { ...from, ...(again ? { entered: again } : {}), lastEventId };
}
