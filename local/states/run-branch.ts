import type { Branch } from './branch.ts';
import type { Checkpoint } from './environment.ts';
import { Payload } from './payload.ts';
import { runState, textOfEach } from './run-state.ts';
import { AbortedError } from './states-error.ts';
import { Visit } from './visit.ts';

/** Works through a branch's states until one ends it. Rejects with the `StatesError` that no state caught. */
export async function runBranch(branch: Branch, input: Payload, from?: Checkpoint): Promise<Payload> {
  let visit = from ? resume(branch, from) : enter(branch, branch.machine.startAt, input);
  for (;;) {
    branch.current = visit;
    const { output, next } = await runState(visit, visit.resumeFrom);
    branch.current = undefined;
    if (next === undefined) return output;
    if (branch.signal.aborted) throw new AbortedError();
    visit = enter(branch, next, output);
  }
}

function enter(branch: Branch, name: string, input: Payload): Visit {
  const node = branch.machine.states.get(name)!;
  // AWS counts the input of the first state as following nothing.
  const eventId = branch.record(`${node.type}StateEntered`, { name, input: input.text });
  const visit = new Visit(branch, node, input, { eventId, time: branch.run.environment.clock.now() });
  if (branch.outermost) branch.run.environment.checkpoint?.(checkpointOf(visit));
  return visit;
}

/** Where `visit` stands, as a checkpoint to resume from. */
export function checkpointOf(visit: Visit): Checkpoint {
  const { branch } = visit;
  return {
    state: visit.node.name,
    input: visit.input.text,
    enteredEventId: visit.enteredEventId,
    enteredTime: visit.enteredTime,
    lastEventId: branch.lastEventId,
    variables: branch.scope.own(),
    retries: [...visit.retriesUsed],
    ...(visit.inner ? { inner: visit.inner } : {}),
  };
}

function resume(branch: Branch, from: Checkpoint): Visit {
  const node = branch.machine.states.get(from.state)!;
  const visit = new Visit(branch, node, Payload.parse(from.input), {
    eventId: from.enteredEventId,
    time: from.enteredTime,
  });
  branch.lastEventId = from.lastEventId;
  branch.scope.assign(from.variables, textOfEach(from.variables));
  for (const [index, used] of (from.retries ?? []).entries()) {
    visit.retriesUsed[index] = used;
    visit.retryCount += used;
  }
  visit.resumeFrom = from;
  if (branch.outermost) branch.run.environment.checkpoint?.(from);
  return visit;
}
