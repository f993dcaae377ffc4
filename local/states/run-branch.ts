import type { Branch } from './branch.ts';
import type { Checkpoint } from './environment.ts';
import { Payload } from './payload.ts';
import { checkpointOf } from './progress.ts';
import { runState, textOfEach } from './run-state.ts';
import { AbortedError } from './states-error.ts';
import { Visit } from './visit.ts';

/** Works through a branch's states until one ends it. Rejects with the `StatesError` that no state caught. */
export async function runBranch(branch: Branch, input: Payload, from?: Checkpoint): Promise<Payload> {
  let visit = from ? goOn(branch, from) : enter(branch, branch.machine.startAt, input);
  for (;;) {
    const { output, next } = await runState(visit, visit.resumeFrom);
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
  branch.current = visit;
  if (branch.outermost) branch.run.environment.checkpoint?.(checkpointOf(visit));
  return visit;
}

function goOn(branch: Branch, from: Checkpoint): Visit {
  branch.lastEventId = from.lastEventId;
  branch.scope.assign(from.variables, textOfEach(from.variables));
  const input = Payload.parse(from.input);
  if (!from.entered) return enter(branch, from.state, input);
  const visit = new Visit(branch, branch.machine.states.get(from.state)!, input, from.entered);
  branch.current = visit;
  for (const [index, used] of (from.retries ?? []).entries()) {
    visit.retriesUsed[index] = used;
    visit.retryCount += used;
  }
  visit.resumeFrom = from;
  visit.mapRunStarted = from.mapRunStarted ?? false;
  const { inner } = from;
  if (inner) visit.progress = () => inner;
  if (branch.outermost) branch.run.environment.checkpoint?.(from);
  return visit;
}
